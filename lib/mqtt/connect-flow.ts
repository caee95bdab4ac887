import { ErrorCode } from "../core/error-code.js";
import { encodeConnect } from "./connect.js";
import { enter } from "./lifecycle.js";
import { write } from "./send.js";
import { NEVER, State, type ClientState } from "./state.js";

// The steps from nothing to a session, in order. Each is begun by the event that ends the one before:
//   openTransport → onOpen → sendConnect → CONNACK → readConnack

/** 1. The transport [MQTT-4.2.0-1]. The deadline is set first, so that a transport that fails badly is survived. */
export function openTransport(client: ClientState): void {
  enter(client, State.OPENING, client._clock.nowMs() + client._options.timeoutMs);
  client._connection = client._transport.open(client._options.host, client._options.port, client._events);
}

/** 2. CONNECT is the first packet [MQTT-3.1.0-1], and sent once [MQTT-3.1.0-2]; nothing follows before CONNACK. */
export function sendConnect(client: ClientState): void {
  if (client._state !== State.OPENING) return;
  write(client, client._control, encodeConnect(client._options, client._control));
  enter(client, State.CONNECTING, client._until);
}

/**
 * 3. CONNACK is the first answer [MQTT-3.2.0-1]: refused with one of five reasons (§3.2.2.3), or accepted. Then the
 * session goes on: filters that the broker does not know are asked for, PUBLISH packets that were not acknowledged are
 * sent again in their order (they are queued already), then what the owner publishes.
 */
export function readConnack(client: ClientState, flags: number, refusal: number): ErrorCode {
  if (flags > 1 || refusal > 5) return ErrorCode.MQTT_MALFORMED_PACKET;
  if (refusal) return ErrorCode.MQTT_REFUSED_PROTOCOL - 1 + refusal;
  client._connectedAt = client._heardAt;
  if (!flags || client._refused) client._answered = 0;
  client._refused = false;
  enter(client, State.CONNECTED, NEVER);
  client._listener.onConnected(flags > 0);
  return ErrorCode.OK;
}
