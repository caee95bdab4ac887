import { ErrorCode } from "../core/error-code.js";
import { readConnack } from "./connect-flow.js";
import { answered } from "./deadline.js";
import { putHeader, putU16 } from "./encode.js";
import { free, packetOf } from "./in-flight-window.js";
import { end } from "./lifecycle.js";
import { readPackets } from "./packet-reader.js";
import { PacketType, PublishFlag } from "./packet-type.js";
import { pump, RESERVED_BYTES } from "./send.js";
import { NEVER, State, type ClientState } from "./state.js";
import { answerSubscription, deliver } from "./subscriptions.js";
import { isTopicBytes } from "./topic.js";

/** Takes what the connection brings. */
export function receive(client: ClientState, bytes: Uint8Array): void {
  if (client._state !== State.CONNECTING && client._state !== State.CONNECTED) return;
  client._statistics.bytesReceived += bytes.length;
  client._heardAt = client._clock.nowMs();
  // Nothing is written until the handlers are done: a PUBACK must not leave before its message is dealt with.
  client._reading = true;
  const code = readPackets(client._reader, bytes);
  client._reading = false;
  if (code) end(client, code);
  else pump(client);
}

/** Takes one packet. Anything that is not expected now, or has a wrong size or flag, ends the connection. */
export function receivePacket(
  client: ClientState,
  first: number,
  bytes: Uint8Array,
  start: number,
  stop: number,
): ErrorCode {
  const size = stop - start;
  const head = (bytes[start]! << 8) | bytes[start + 1]!;
  if (client._state === State.CONNECTING) {
    if (first !== PacketType.CONNACK) return ErrorCode.MQTT_PROTOCOL_ERROR;
    return size === 2 ? readConnack(client, head >> 8, head & 255) : ErrorCode.MQTT_MALFORMED_PACKET;
  }
  // A handler has called `stop`: the broker sends the rest again in the next connection.
  if (client._state !== State.CONNECTED) return ErrorCode.OK;
  if ((first & 0xf0) === PacketType.PUBLISH) return receivePublish(client, first, bytes, start, stop);
  if (first === PacketType.PINGRESP && size === 0 && client._pingedAt < NEVER) {
    client._pingedAt = NEVER;
    return ErrorCode.OK;
  }
  if (first === PacketType.PUBACK && size === 2) return receivePuback(client, head);
  if (first !== PacketType.SUBACK || size !== 3) return ErrorCode.MQTT_PROTOCOL_ERROR;
  answered(client);
  return answerSubscription(client._subscriptions, head, bytes[start + 2]!, client._listener);
}

/** Delivers a message; QoS 1 is acknowledged, a repeat too [MQTT-4.3.2-2], in the order of arrival [MQTT-4.6.0-2]. */
function receivePublish(client: ClientState, first: number, bytes: Uint8Array, start: number, stop: number): ErrorCode {
  const qos = (first & PublishFlag.QOS_MASK) >> PublishFlag.QOS_SHIFT;
  const topicAt = start + 2;
  const topicEnd = topicAt + ((bytes[start]! << 8) | bytes[start + 1]!);
  const payloadAt = topicEnd + qos * 2;
  // A broker may not send above the QoS that was granted, and never 3 [MQTT-3.3.1-4].
  if (qos > 1) return ErrorCode.MQTT_PROTOCOL_ERROR;
  const packetId = qos ? (bytes[topicEnd]! << 8) | bytes[topicEnd + 1]! : 0;
  if (
    stop < topicAt ||
    stop < payloadAt ||
    !isTopicBytes(bytes, topicAt, topicEnd) ||
    (qos ? !packetId : first & PublishFlag.DUP)
  ) {
    return ErrorCode.MQTT_MALFORMED_PACKET;
  }
  if (qos) {
    if (client._controlLength + 4 + RESERVED_BYTES > client._control.length) return ErrorCode.MQTT_FLOODED;
    const at = putHeader(PacketType.PUBACK, 2, client._control, client._controlLength);
    client._controlLength = putU16(packetId, client._control, at);
  }
  const all = client._subscriptions;
  for (let i = 0; i < all.length; i++) {
    deliver(all[i]!, bytes, topicAt, topicEnd, payloadAt, stop, client._listener);
  }
  return ErrorCode.OK;
}

function receivePuback(client: ClientState, packetId: number): ErrorCode {
  const packet = packetId ? packetOf(client._window, packetId) : undefined;
  // One that was never written cannot have been received.
  if (!packet || !(packet._sent || packet._bytes[0]! & PublishFlag.DUP)) return ErrorCode.MQTT_PROTOCOL_ERROR;
  if (packet._sent) answered(client);
  free(client._window, packet);
  client._listener.onPublished(packetId);
  return ErrorCode.OK;
}
