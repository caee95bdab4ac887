import { copyBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import { putHeader, putText, putU16 } from "./encode.js";
import type { MqttOptions } from "./options.js";
import { PacketType } from "./packet-type.js";
import { isTopicName } from "./topic.js";

const enum ConnectFlag {
  WILL = 4,
  WILL_QOS_SHIFT = 3,
  WILL_RETAIN = 32,
  PASSWORD = 64,
  USER_NAME = 128,
}

/**
 * Writes CONNECT (§3.1) at the start of `into`. The session is always persistent: cleanSession is 0.
 * @returns its length, or a negated ErrorCode
 */
export function encodeConnect(options: MqttOptions, keepAliveSec: number, into: Uint8Array): number {
  const will = options.will;
  const user = options.username;
  // A password needs a user name [MQTT-3.1.2-22].
  const password = user === undefined ? undefined : options.password;
  let flags = 0;
  let remaining = 12 + options.clientId.length;
  if (will) {
    if (!isTopicName(will.topic)) return -ErrorCode.MQTT_TOPIC_INVALID;
    flags |= ConnectFlag.WILL | (will.qos << ConnectFlag.WILL_QOS_SHIFT) | (will.retain ? ConnectFlag.WILL_RETAIN : 0);
    remaining += 4 + will.topic.length + will.payload.length;
  }
  if (user !== undefined) {
    flags |= ConnectFlag.USER_NAME;
    remaining += 2 + user.length;
  }
  if (password !== undefined) {
    flags |= ConnectFlag.PASSWORD;
    remaining += 2 + password.length;
  }
  let at = putText("MQTT", into, putHeader(PacketType.CONNECT, remaining, into, 0));
  at = putU16(keepAliveSec, into, putU16((4 << 8) | flags, into, at));
  at = putText(options.clientId, into, at);
  if (will) {
    at = putU16(will.payload.length, into, putText(will.topic, into, at));
    if (at > 0) {
      copyBytes(will.payload, 0, into, at, will.payload.length);
      at += will.payload.length;
    }
  }
  if (user !== undefined) at = putText(user, into, at);
  return password === undefined ? at : putText(password, into, at);
}
