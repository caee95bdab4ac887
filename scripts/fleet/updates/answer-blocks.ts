import { PIECE_BYTES } from "../../../lib/update/manifest.js";
import { encodeUpdateBlock } from "../messages/update-block.js";
import type { UpdateRequest } from "../messages/update-request.js";

/**
 * Blocks that answer a request (docs/protocol.md), made one by one: a block for each piece that it touches.
 * @param pieces of the part that is asked for, as they travel
 */
export function* answerBlocks(request: UpdateRequest, pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  const { first, count } = request;
  const end = first + count;
  for (let i = Math.floor(first / PIECE_BYTES); i < pieces.length && i * PIECE_BYTES < end; i++) {
    const at = i * PIECE_BYTES;
    const from = Math.max(first - at, 0);
    yield encodeUpdateBlock(request, at + from, pieces[i]!.subarray(from, Math.max(from, end - at)));
  }
}

/** An envelope's pieces: it travels as it is. */
export function envelopePieces(envelope: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < envelope.length; at += PIECE_BYTES) pieces.push(envelope.subarray(at, at + PIECE_BYTES));
  return pieces;
}
