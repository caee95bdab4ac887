import { decodeCbor } from "./decode-cbor.js";
import { uint, versioned } from "./fields.js";
import { Refusal } from "./refusal.js";

/** Greatest `count` of a request. */
export const MAX_REQUEST_BYTES = 8192;

/** `part` of a request or block. */
export const enum UpdatePart {
  ENVELOPE = 0,
  IMAGE = 1,
}

/** `update/request` of docs/protocol.md: a run of addresses that a device asks for. */
export interface UpdateRequest {
  readonly kind: "update/request";
  readonly id: number;
  readonly sequence: number;
  readonly part: UpdatePart;
  /** Address of the first byte. */
  readonly first: number;
  /** Addresses, 1 to `MAX_REQUEST_BYTES`. */
  readonly count: number;
}

/** Decodes `update/request`. @throws Refusal */
export function decodeUpdateRequest(payload: Uint8Array): UpdateRequest {
  const items = versioned(decodeCbor(payload), "update/request", 6);
  const count = uint(items[5], "count", MAX_REQUEST_BYTES);
  if (count === 0) throw new Refusal("count is 0");
  return {
    kind: "update/request",
    id: uint(items[1], "id"),
    sequence: uint(items[2], "sequence"),
    part: uint(items[3], "part", 1),
    first: uint(items[4], "first"),
    count,
  };
}
