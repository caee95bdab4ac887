import { CborWriter } from "../../../lib/core/cbor-writer.js";
import { PROTOCOL_VERSION, UPDATE_BLOCK } from "../../../lib/uplink/topics.js";

/**
 * Encodes `update/block` of docs/protocol.md: a part of the answer to a request.
 * @param id of that request
 * @param index address of the first byte
 * @param pieces what is sent of each piece, from that of `index` on; together no more than a block may have
 */
export function encodeUpdateBlock(id: number, index: number, pieces: readonly Uint8Array[]): Uint8Array {
  const head = [PROTOCOL_VERSION, id, index];
  const writer = new CborWriter(new Uint8Array(UPDATE_BLOCK.maxBytes));
  writer.array(head.length + pieces.length);
  for (const number of head) writer.number(number);
  for (const piece of pieces) writer.byteString(piece, 0, piece.length);
  if (writer.overflow) throw new RangeError(`a block of ${pieces.length} pieces is too long`);
  return writer.bytes.slice(0, writer.length);
}
