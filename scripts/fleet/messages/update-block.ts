import { CborWriter } from "../../../lib/core/cbor-writer.js";
import { PROTOCOL_VERSION, UPDATE_BLOCK } from "../../../lib/uplink/topics.js";
import type { UpdateRequest } from "./update-request.js";

/**
 * Encodes `update/block` of docs/protocol.md: a part of the answer to a request.
 * @param index address of the first byte
 */
export function encodeUpdateBlock({ id, sequence, part }: UpdateRequest, index: number, bytes: Uint8Array): Uint8Array {
  const writer = new CborWriter(new Uint8Array(UPDATE_BLOCK.maxBytes));
  writer.array(6);
  for (const number of [PROTOCOL_VERSION, id, sequence, part, index]) writer.number(number);
  writer.byteString(bytes, 0, bytes.length);
  return writer.bytes.slice(0, writer.length);
}
