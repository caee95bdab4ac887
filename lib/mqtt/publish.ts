import { copyBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import type { Qos } from "../hal/messenger.js";
import { putHeader, putText, putU16 } from "./encode.js";
import { PacketType, PublishFlag } from "./packet-type.js";
import { isTopic } from "./topic.js";

/**
 * Writes PUBLISH (§3.3) at the start of `into`, with DUP 0.
 * @param packetId above 0 for QoS 1
 * @returns its length; -MQTT_TOPIC_INVALID or -MQTT_PACKET_TOO_BIG
 */
export function encodePublish(
  into: Uint8Array,
  topic: string,
  payload: Uint8Array,
  length: number,
  qos: Qos,
  retain: boolean,
  packetId: number,
): number {
  if (!isTopic(topic)) return -ErrorCode.MQTT_TOPIC_INVALID;
  const first = PacketType.PUBLISH | (qos << PublishFlag.QOS_SHIFT) | +retain;
  const remaining = 2 + topic.length + qos * 2 + length;
  let at = putHeader(first, remaining, into, 0);
  if (at + remaining > into.length) return -ErrorCode.MQTT_PACKET_TOO_BIG;
  at = putText(topic, into, at);
  if (qos) at = putU16(packetId, into, at);
  copyBytes(payload, 0, into, at, length);
  return at + length;
}
