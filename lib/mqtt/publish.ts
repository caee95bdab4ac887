import { copyBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import type { Qos } from "../hal/messenger.js";
import { putHeader, putText, putU16 } from "./encode.js";
import { PacketType, PublishFlag } from "./packet-type.js";
import { isTopicBytes, isTopicName } from "./topic.js";

/**
 * Writes PUBLISH (§3.3) at the start of `into`, with DUP 0.
 * @param packetId above 0 for QoS 1, 0 for QoS 0
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
  if (!isTopicName(topic)) return -ErrorCode.MQTT_TOPIC_INVALID;
  const first = PacketType.PUBLISH | (qos << PublishFlag.QOS_SHIFT) | (retain ? PublishFlag.RETAIN : 0);
  let at = putHeader(first, 2 + topic.length + (qos ? 2 : 0) + length, into, 0);
  at = putText(topic, into, at);
  if (qos) at = putU16(packetId, into, at);
  if (at < 0) return at;
  copyBytes(payload, 0, into, at, length);
  return at + length;
}

/** Where the parts of a received PUBLISH lie. One object, read again for each packet. */
export class ReceivedPublish {
  topicAt = 0;
  topicEnd = 0;
  /** 0 for QoS 0. */
  packetId = 0;
  payloadAt = 0;

  /**
   * Finds the parts of the packet whose first byte is `first` and whose body is `bytes[start, end)`.
   * @returns OK, or why the connection must be closed
   */
  read(first: number, bytes: Uint8Array, start: number, end: number): ErrorCode {
    const qos = (first & PublishFlag.QOS_MASK) >> PublishFlag.QOS_SHIFT;
    // A broker may not send above the QoS that was granted, and never 3 [MQTT-3.3.1-4].
    if (qos > 1) return qos > 2 ? ErrorCode.MQTT_MALFORMED_PACKET : ErrorCode.MQTT_PROTOCOL_ERROR;
    this.topicAt = start + 2;
    this.topicEnd = start + 2 + ((bytes[start]! << 8) | bytes[start + 1]!);
    this.payloadAt = this.topicEnd + qos * 2;
    if (
      end - start < 2 ||
      this.payloadAt > end ||
      (qos === 0 && first & PublishFlag.DUP) ||
      !isTopicBytes(bytes, this.topicAt, this.topicEnd)
    ) {
      return ErrorCode.MQTT_MALFORMED_PACKET;
    }
    this.packetId = qos ? (bytes[this.topicEnd]! << 8) | bytes[this.topicEnd + 1]! : 0;
    // [MQTT-2.3.1-1]
    return qos && this.packetId === 0 ? ErrorCode.MQTT_MALFORMED_PACKET : ErrorCode.OK;
  }
}
