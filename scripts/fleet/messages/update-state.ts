import { decodeCbor } from "./decode-cbor.js";
import { uint, versioned } from "./fields.js";

/** `update/state` of docs/protocol.md: how far a device is with an update. */
export interface UpdateState {
  readonly kind: "update/state";
  readonly sequence: number;
  readonly state: number;
  readonly reason: number;
  readonly done: number;
  readonly total: number;
}

/** Decodes `update/state`. @throws Refusal */
export function decodeUpdateState(payload: Uint8Array): UpdateState {
  const items = versioned(decodeCbor(payload), "update/state", 6);
  return {
    kind: "update/state",
    sequence: uint(items[1], "sequence"),
    state: uint(items[2], "state"),
    reason: uint(items[3], "reason"),
    done: uint(items[4], "done"),
    total: uint(items[5], "total"),
  };
}
