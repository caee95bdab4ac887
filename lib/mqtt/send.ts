import { ErrorCode } from "../core/error-code.js";
import { arm, expectAnswer } from "./deadline.js";
import { putHeader } from "./encode.js";
import { free, oldestUnsent, packetOf, type InFlight } from "./in-flight-window.js";
import { end } from "./lifecycle.js";
import type { PacketType } from "./packet-type.js";
import { NEVER, State, type ClientState } from "./state.js";
import { encodeSubscribe, SUBSCRIBE_ID } from "./subscribe.js";

/** Kept free behind queued PUBACKs for the two-byte packets PINGREQ and DISCONNECT. */
export const RESERVED_BYTES = 4;

/** Writes what waits, if no write is outstanding: control packets together, then SUBSCRIBE, then the oldest PUBLISH. */
export function pump(client: ClientState): void {
  if (client._drainBy === NEVER && !client._reading) {
    if (client._controlLength) writeControl(client);
    else if (client._state === State.CLOSING) end(client, ErrorCode.OK);
    else if (client._state === State.CONNECTED) writeNext(client);
  }
  arm(client);
}

/** Adds a packet without a body: PINGREQ or DISCONNECT. */
export function putBare(client: ClientState, first: PacketType): void {
  client._controlLength = putHeader(first, 0, client._control, client._controlLength);
  pump(client);
}

/** A packet id that is not in use [MQTT-2.3.1-1] [MQTT-2.3.1-2]. */
export function nextPacketId(client: ClientState): number {
  do {
    client._packetId = (client._packetId % (SUBSCRIBE_ID - 1)) + 1;
  } while (packetOf(client._window, client._packetId));
  return client._packetId;
}

/** Hands bytes to the transport, which has no others. */
export function write(client: ClientState, bytes: Uint8Array, length: number): void {
  client._writtenAt = client._clock.nowMs();
  client._drainBy = client._writtenAt + client._options.timeoutMs;
  client.bytesSent += length;
  client._connection!.write(bytes, length);
}

function writeControl(client: ClientState): void {
  const length = client._controlLength;
  client._controlLength = 0;
  write(client, client._control, length);
}

function writeNext(client: ClientState): void {
  const wanted = client._asking ? undefined : client._subscriptions[client._answered];
  const packet = oldestUnsent(client._window);
  if (wanted) {
    client._asking = true;
    expectAnswer(client);
    write(client, client._control, encodeSubscribe(wanted, client._control));
  } else if (packet) writePublish(client, packet);
}

function writePublish(client: ClientState, packet: InFlight): void {
  if (packet._packetId) {
    expectAnswer(client);
    packet._sent = true;
  } else free(client._window, packet);
  write(client, packet._bytes, packet._length);
}
