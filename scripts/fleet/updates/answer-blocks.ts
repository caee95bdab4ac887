import { PIECE_BYTES } from "../../../lib/update/manifest.js";
import { encodeUpdateBlock } from "../messages/update-block.js";
import type { UpdateRequest } from "../messages/update-request.js";

/** Pieces of a block: what a device's memory holds of a message. */
const BLOCK_PIECES = 2;

/**
 * Blocks that answer a request (docs/protocol.md), made one by one: one for every two pieces that it touches.
 * @param pieces of the part that is asked for, as they travel
 */
export function* answerBlocks(
  request: Pick<UpdateRequest, "id" | "first" | "count">,
  pieces: readonly Uint8Array[],
): Generator<Uint8Array> {
  const { id, first, count } = request;
  const end = first + count;
  const after = Math.min(pieces.length, Math.ceil(end / PIECE_BYTES));
  for (let i = Math.floor(first / PIECE_BYTES); i < after; i += BLOCK_PIECES) {
    const index = Math.max(first, i * PIECE_BYTES);
    const parts = pieces.slice(i, Math.min(i + BLOCK_PIECES, after)).map((piece, k) => {
      const at = (i + k) * PIECE_BYTES;
      return piece.subarray(Math.max(first - at, 0), Math.max(end - at, 0));
    });
    yield encodeUpdateBlock(id, index, parts);
  }
}

/** An envelope's pieces: it travels as it is. */
export function envelopePieces(envelope: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < envelope.length; at += PIECE_BYTES) pieces.push(envelope.subarray(at, at + PIECE_BYTES));
  return pieces;
}
