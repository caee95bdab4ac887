import { CborWriter } from "../core/cbor-writer.js";
import { UPDATE_PROTOCOL } from "./offer.js";

/** What has become of an update: second item of `update/state`. */
export const enum UpdateState {
  FETCHING = 1,
  STAGED = 2,
  TRIAL = 3,
  CONFIRMED = 4,
  REFUSED = 5,
  ROLLED_BACK = 6,
}

/** Head, version and five numbers of at most 32 bits. */
const MAX_BYTES = 27;

/** The bytes of `update/state` (docs/protocol.md): at most 27. */
export function encodeState(
  sequence: number,
  state: UpdateState,
  reason: number,
  done: number,
  total: number,
): Uint8Array {
  const writer = new CborWriter(new Uint8Array(MAX_BYTES));
  const items = [UPDATE_PROTOCOL, sequence, state, reason, done, total];
  writer.array(items.length);
  for (let i = 0; i < items.length; i++) writer.number(items[i]!);
  return new Uint8Array(writer.bytes.buffer, 0, writer.length);
}
