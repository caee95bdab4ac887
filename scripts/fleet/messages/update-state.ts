import { decodeCbor } from "./decode-cbor.js";
import { uint, versioned } from "./fields.js";

/** `state` of `update/state`; 0 stands for a device that has said nothing of the update. */
export const enum DeviceUpdateState {
  UNKNOWN = 0,
  FETCHING = 1,
  STAGED = 2,
  TRIAL = 3,
  CONFIRMED = 4,
  REFUSED = 5,
  ROLLED_BACK = 6,
}

/** `update/state` of docs/protocol.md: how far a device is with an update. */
export interface UpdateState {
  readonly kind: "update/state";
  readonly sequence: number;
  /** A `DeviceUpdateState`, or one of a later version. */
  readonly state: number;
  /** An error code of docs/errors.md, or 0. */
  readonly reason: number;
  readonly done: number;
  readonly total: number;
}

/** Greatest number of a state: one byte, so that later versions have room. */
const MAX_STATE = 255;

/** Decodes `update/state`. @throws Refusal */
export function decodeUpdateState(payload: Uint8Array): UpdateState {
  const items = versioned(decodeCbor(payload), "update/state", 6);
  return {
    kind: "update/state",
    sequence: uint(items[1], "sequence"),
    state: uint(items[2], "state", MAX_STATE),
    reason: uint(items[3], "reason"),
    done: uint(items[4], "done"),
    total: uint(items[5], "total"),
  };
}
