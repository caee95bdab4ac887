import { CborWriter } from "../core/cbor-writer.js";

/** What has become of an update: second item of `update/state`. */
export const enum UpdateState {
  FETCHING = 1,
  STAGED = 2,
  TRIAL = 3,
  CONFIRMED = 4,
  REFUSED = 5,
  ROLLED_BACK = 6,
}

/** The bytes of a message that is an array of at most six numbers of 32 bits: `update/state`, `update/request`. */
export function encodeNumbers(items: readonly number[]): Uint8Array {
  const writer = new CborWriter(new Uint8Array(31));
  writer.array(items.length);
  for (let i = 0; i < items.length; i++) writer.number(items[i]!);
  return new Uint8Array(writer.bytes.buffer, 0, writer.length);
}
