import { ErrorCode } from "../core/error-code.js";
import { arm, expectAnswer } from "./deadline.js";
import { putHeader } from "./encode.js";
import { free, oldestUnsent, packetOf, type InFlight } from "./in-flight-window.js";
import { end } from "./lifecycle.js";
import type { PacketType } from "./packet-type.js";
import { State, type ClientState } from "./state.js";
import { encodeSubscribe } from "./subscribe.js";
import { Standing, subscriptionOf } from "./subscriptions.js";

/** Kept free behind queued PUBACKs for the two-byte packets PINGREQ and DISCONNECT. */
export const RESERVED_BYTES = 4;

/** Writes what waits, if no write is outstanding: control packets together, else the oldest queued PUBLISH. */
export function pump(client: ClientState): void {
  if (client._connection && !client._writing && !client._reading) {
    const live = client._state === State.CONNECTED;
    if (live) putSubscribes(client);
    const packet = live ? oldestUnsent(client._window) : undefined;
    if (client._controlLength) writeControl(client);
    else if (packet) writePublish(client, packet);
    else if (client._state === State.CLOSING) end(client, ErrorCode.OK);
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
    client._packetId = (client._packetId % 65535) + 1;
  } while (packetOf(client._window, client._packetId) || subscriptionOf(client._subscriptions, client._packetId));
  return client._packetId;
}

function putSubscribes(client: ClientState): void {
  for (;;) {
    const wanted = subscriptionOf(client._subscriptions, Standing.UNKNOWN);
    if (!wanted) return;
    const packetId = nextPacketId(client);
    const length = encodeSubscribe(packetId, wanted, client._control, client._controlLength);
    // No room behind what waits already: with the next write.
    if (length < 0) return;
    expectAnswer(client);
    client._controlLength = length;
    wanted._standing = packetId;
  }
}

function writeControl(client: ClientState): void {
  const length = client._controlLength;
  client._controlLength = 0;
  write(client, client._control, length);
}

function writePublish(client: ClientState, packet: InFlight): void {
  if (packet._packetId) {
    expectAnswer(client);
    packet._sent = true;
  } else free(client._window, packet);
  write(client, packet._bytes, packet._length);
}

function write(client: ClientState, bytes: Uint8Array, length: number): void {
  client._writing = true;
  client._writtenAt = client._clock.nowMs();
  client._statistics.bytesSent += length;
  client._connection!.write(bytes, length);
}
