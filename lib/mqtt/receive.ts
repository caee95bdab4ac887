import { asciiText } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import { readConnack } from "./connect-flow.js";
import { expectAnswer } from "./deadline.js";
import { putHeader, putU16 } from "./encode.js";
import { free, placeOf } from "./in-flight-window.js";
import { end } from "./lifecycle.js";
import type { PartHandler } from "./options.js";
import { readPackets, Shift } from "./packet-reader.js";
import { PacketType, PublishFlag } from "./packet-type.js";
import { pump, RESERVED_BYTES } from "./send.js";
import { State, type ClientState } from "./state.js";
import { SUBSCRIBE_ID } from "./subscribe.js";
import { isTopic } from "./topic.js";

/** Return code of SUBACK for a filter that is refused. */
const SUBSCRIBE_FAILURE = 0x80;

/** Takes what the connection brings. */
export function receive(client: ClientState, bytes: Uint8Array): void {
  client._heardAt = client._clock.nowMs();
  // Nothing is written until the handlers are done: a PUBACK must not leave before its message is dealt with.
  client._reading = true;
  const code = readPackets(client, bytes, receivePacket);
  if (client._onPart && !code) tellPart(client, client._onPart);
  client._reading = false;
  if (code) end(client, code);
  else pump(client);
}

/** Gives what has come of a QoS 0 message that is not whole. */
function tellPart(client: ClientState, onPart: PartHandler): void {
  const bytes = client._body;
  const payloadAt = 2 + readU16(bytes, 0);
  if (client._shift !== Shift.BODY || client._first !== PacketType.PUBLISH || client._have < payloadAt) return;
  try {
    onPart(bytes, payloadAt, client._have);
  } catch (_) {
    // As in receivePublish.
  }
}

/** Takes one packet. Anything that is not expected now, or has a wrong size or flag, ends the connection. */
export function receivePacket(client: ClientState, first: number, bytes: Uint8Array, size: number): ErrorCode {
  const head = readU16(bytes, 0);
  if (client._state === State.CONNECTING) {
    if (first !== PacketType.CONNACK) return ErrorCode.MQTT_PROTOCOL_ERROR;
    if (size !== 2) return ErrorCode.MQTT_MALFORMED_PACKET;
    return readConnack(client, bytes[0]!, bytes[1]!);
  }
  // A handler has called `stop`: the broker sends the rest again in the next connection.
  if (client._state !== State.CONNECTED) return ErrorCode.OK;
  if ((first & 0xf0) === PacketType.PUBLISH) return receivePublish(client, first, bytes, size);
  if (first === PacketType.PUBACK && size === 2) return receivePuback(client, head);
  if (first === PacketType.SUBACK && size === 3 && head === SUBSCRIBE_ID) return receiveSuback(client, bytes[2]!);
  if (first !== PacketType.PINGRESP || size || !client._pinged) return ErrorCode.MQTT_PROTOCOL_ERROR;
  client._pinged = false;
  return ErrorCode.OK;
}

/** Delivers a message; QoS 1 is acknowledged, a repeat too [MQTT-4.3.2-2], in the order of arrival [MQTT-4.6.0-2]. */
function receivePublish(client: ClientState, first: number, bytes: Uint8Array, size: number): ErrorCode {
  const qos = (first & PublishFlag.QOS_MASK) >> PublishFlag.QOS_SHIFT;
  const topicEnd = 2 + readU16(bytes, 0);
  const payloadAt = topicEnd + qos * 2;
  // A broker may not send above the QoS that was granted, and never 3 [MQTT-3.3.1-4].
  if (qos > 1) return ErrorCode.MQTT_PROTOCOL_ERROR;
  const topic = size < payloadAt ? "" : asciiText(bytes, 2, topicEnd);
  const packetId = readU16(bytes, topicEnd);
  if (!isTopic(topic) || (qos ? !packetId : first & PublishFlag.DUP)) return ErrorCode.MQTT_MALFORMED_PACKET;
  if (qos) {
    if (client._controlLength + 4 + RESERVED_BYTES > client._control.length) return ErrorCode.MQTT_FLOODED;
    const at = putHeader(PacketType.PUBACK, 2, client._control, client._controlLength);
    client._controlLength = putU16(packetId, client._control, at);
  }
  for (let i = 0; i < client._subscriptions.length; i++) {
    const one = client._subscriptions[i]!;
    try {
      if (one._filter === topic) one._handler(topic, bytes, payloadAt, size);
    } catch (_) {
      // A handler that throws disturbs nobody. Its message counts as received: it would come again for ever.
    }
  }
  return ErrorCode.OK;
}

function receivePuback(client: ClientState, packetId: number): ErrorCode {
  const place = placeOf(client, packetId);
  const sent = place < client._sent;
  // One that was never written cannot have been received.
  if (place < 0 || !(sent || client._all[place]!._bytes[0]! & PublishFlag.DUP)) return ErrorCode.MQTT_PROTOCOL_ERROR;
  free(client, place);
  if (sent) {
    client._sent--;
    expectAnswer(client, client._heardAt);
  }
  client._listener.onPublished(packetId);
  return ErrorCode.OK;
}

/** Takes the answer to the SUBSCRIBE that waits (§3.9): the granted QoS, or failure. */
function receiveSuback(client: ClientState, answer: number): ErrorCode {
  const one = client._subscriptions[client._answered]!;
  const refused = answer === SUBSCRIBE_FAILURE;
  if (!client._asking || (!refused && answer > one._qos)) return ErrorCode.MQTT_PROTOCOL_ERROR;
  client._asking = false;
  client._answered++;
  expectAnswer(client, client._heardAt);
  if (refused) {
    client._refused = true;
    client._listener.onSubscribeRefused(one._filter);
  }
  return ErrorCode.OK;
}

/** Reads an unsigned 16-bit big-endian number. */
function readU16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
