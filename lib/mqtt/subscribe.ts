import { putHeader, putText, putU16 } from "./encode.js";
import { PacketType } from "./packet-type.js";
import type { Subscription } from "./subscriptions.js";

/** Writes SUBSCRIBE (§3.8) for one filter at `at`. Returns the position after it, or a negated ErrorCode. */
export function encodeSubscribe(packetId: number, wanted: Subscription, into: Uint8Array, at: number): number {
  at = putHeader(PacketType.SUBSCRIBE, 5 + wanted._filter.length, into, at);
  at = putText(wanted._filter, into, putU16(packetId, into, at));
  if (at > 0) into[at++] = wanted._qos;
  return at;
}
