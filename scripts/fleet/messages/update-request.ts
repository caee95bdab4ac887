import { decodeCbor } from "./decode-cbor.js";
import { uint, versioned } from "./fields.js";

/** `update/request` of docs/protocol.md: blocks that a device asks for. */
export interface UpdateRequest {
  readonly kind: "update/request";
  readonly id: number;
  readonly sequence: number;
  /** 0 envelope, 1 payload. */
  readonly part: number;
  readonly first: number;
  readonly count: number;
}

/** Decodes `update/request`. @throws Refusal */
export function decodeUpdateRequest(payload: Uint8Array): UpdateRequest {
  const items = versioned(decodeCbor(payload), "update/request", 6);
  return {
    kind: "update/request",
    id: uint(items[1], "id"),
    sequence: uint(items[2], "sequence"),
    part: uint(items[3], "part", 1),
    first: uint(items[4], "first"),
    count: uint(items[5], "count"),
  };
}
