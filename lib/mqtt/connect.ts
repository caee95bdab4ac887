import { copyBytes } from "../core/bytes.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import { putHeader, putText, putU16 } from "./encode.js";
import type { MqttOptions } from "./options.js";
import { PacketType } from "./packet-type.js";
import { isTopic } from "./topic.js";

const enum ConnectFlag {
  WILL = 4,
  WILL_QOS_1 = 8,
  WILL_RETAIN = 32,
  PASSWORD = 64,
  USER_NAME = 128,
}

/** Protocol level 4, a will, user name and password; cleanSession is 0, so the session is always persistent. */
const LEVEL_AND_FLAGS =
  (4 << 8) |
  ConnectFlag.WILL |
  ConnectFlag.WILL_QOS_1 |
  ConnectFlag.WILL_RETAIN |
  ConnectFlag.PASSWORD |
  ConnectFlag.USER_NAME;

/**
 * Writes CONNECT (§3.1) at the start of `into`, and returns its length. Throws DeviceError where the options make none:
 * a session needs a name [MQTT-3.1.3-7].
 */
export function encodeConnect(options: MqttOptions, into: Uint8Array): number {
  const { clientId, username, password } = options;
  const { topic, payload } = options.will;
  const remaining = 20 + clientId.length + topic.length + payload.length + username.length + password.length;
  if (!isTopic(clientId) || !isTopic(username) || !isTopic(topic)) {
    throw new DeviceError(ErrorCode.DEVICE_ID_INVALID, 0);
  }
  let at = putHeader(PacketType.CONNECT, remaining, into, 0);
  if (at + remaining > into.length) throw new DeviceError(ErrorCode.MQTT_PACKET_TOO_BIG, remaining);
  at = putU16(LEVEL_AND_FLAGS, into, putText("MQTT", into, at));
  at = putText(clientId, into, putU16(options.keepAliveSec, into, at));
  at = putU16(payload.length, into, putText(topic, into, at));
  copyBytes(payload, 0, into, at, payload.length);
  return putText(password, into, putText(username, into, at + payload.length));
}
