import { ErrorCode } from "../core/error-code.js";
import { arm, expectAnswer } from "./deadline.js";
import { putHeader } from "./encode.js";
import { free, placeOf } from "./in-flight-window.js";
import { end } from "./lifecycle.js";
import type { PacketType } from "./packet-type.js";
import { NEVER, State, type ClientState } from "./state.js";
import { encodeSubscribe, SUBSCRIBE_ID } from "./subscribe.js";

/** Kept free behind queued PUBACKs for the two-byte packets PINGREQ and DISCONNECT. */
export const RESERVED_BYTES = 4;

/** Writes what waits, if no write is outstanding: control packets together, then SUBSCRIBE, then the oldest PUBLISH. */
export function pump(client: ClientState): void {
  if (client._drainBy === NEVER && !client._reading) {
    const wanted = client._subscriptions[client._answered];
    const packet = client._all[client._sent]!;
    if (client._controlLength) {
      write(client, client._control, client._controlLength);
      client._controlLength = 0;
    } else if (client._state === State.CLOSING) end(client, ErrorCode.OK);
    else if (client._state === State.CONNECTED) {
      if (wanted && !client._asking) {
        client._asking = true;
        const size = encodeSubscribe(wanted, client._control);
        write(client, client._control, size);
      } else if (client._sent < client._count) {
        if (packet._packetId) client._sent++;
        else free(client, client._sent);
        write(client, packet._bytes, packet._length);
      }
      if (client._answerBy === NEVER) expectAnswer(client, client._writtenAt);
    }
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
  } while (placeOf(client, client._packetId) >= 0);
  return client._packetId;
}

/** Hands bytes to the transport, which has no others. */
export function write(client: ClientState, bytes: Uint8Array, length: number): void {
  client._writtenAt = client._clock.nowMs();
  client._drainBy = client._writtenAt + client._options.timeoutMs;
  client.bytesSent += length;
  client._connection!.write(bytes, length);
}
