import { putHeader, putText, putU16 } from "./encode.js";
import { PacketType } from "./packet-type.js";
import type { Subscription } from "./subscription.js";

/**
 * The packet id of every SUBSCRIBE: one waits for its SUBACK at a time, and PUBLISH packets have lower ones
 * [MQTT-2.3.1-2].
 */
export const SUBSCRIBE_ID = 65535;

/** Most that SUBSCRIBE has beside its filter. */
export const SUBSCRIBE_OVERHEAD = 9;

/** Writes SUBSCRIBE (§3.8) for one filter at the start of `into`, which holds it. Returns its length. */
export function encodeSubscribe(wanted: Subscription, into: Uint8Array): number {
  const filter = wanted._filter;
  const at = putHeader(PacketType.SUBSCRIBE, 5 + filter.length, into, 0);
  const end = putText(filter, into, putU16(SUBSCRIBE_ID, into, at));
  into[end] = wanted._qos;
  return end + 1;
}
