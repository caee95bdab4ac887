import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Clock } from "../hal/clock.js";
import type { MessageHandler, Messenger, Qos } from "../hal/messenger.js";
import type { Transport } from "../hal/transport.js";
import { createBackoff } from "./backoff.js";
import { openTransport, sendConnect } from "./connect-flow.js";
import { encodeConnect } from "./connect.js";
import { deadline, arm } from "./deadline.js";
import { createWindow } from "./in-flight-window.js";
import { end, enter } from "./lifecycle.js";
import { orElse } from "./options.js";
import type { MqttListener, MqttOptions, MqttStatistics } from "./options.js";
import { createReader } from "./packet-reader.js";
import { PacketType } from "./packet-type.js";
import { encodePublish } from "./publish.js";
import { receive, receivePacket } from "./receive.js";
import { nextPacketId, pump, putBare } from "./send.js";
import { NEVER, State, type ClientState } from "./state.js";
import { addSubscription, Standing } from "./subscriptions.js";

/**
 * An MQTT 3.1.1 client with a persistent session: QoS 0 and 1 both ways, retransmission over reconnections, one write
 * outstanding, one timer. Whatever the broker sends, it never throws after construction. docs/mqtt.md has the rules.
 */
export class MqttClient implements Messenger {
  readonly statistics: MqttStatistics = { connections: 0, failedAttempts: 0, bytesSent: 0, bytesReceived: 0 };
  private readonly _client: ClientState;

  /** Throws DeviceError where the options do not make a CONNECT packet. */
  constructor(transport: Transport, clock: Clock, options: MqttOptions, listener: MqttListener) {
    const packetBytes = orElse(options.maxPacketBytes, 1100);
    const client: ClientState = {
      _transport: transport,
      _clock: clock,
      _options: options,
      _listener: listener,
      _statistics: this.statistics,
      _keepAliveSec: orElse(options.keepAliveSec, 120),
      _responseMs: orElse(options.responseTimeoutMs, 30000),
      _window: createWindow(orElse(options.maxInFlight, 4), packetBytes),
      _subscriptions: [],
      _backoff: createBackoff(options.retry || { minMs: 5000, maxMs: 600000 }, options.jitterSeed),
      _reader: createReader(orElse(options.maxReceiveBytes, packetBytes), (first, bytes, start, stop) =>
        receivePacket(client, first, bytes, start, stop),
      ),
      _events: {
        onOpen: () => {
          sendConnect(client);
        },
        onData: (bytes) => {
          receive(client, bytes);
        },
        onDrain: () => {
          client._writing = false;
          pump(client);
        },
        onClose: () => {
          end(client, client._state === State.OPENING ? ErrorCode.MQTT_CONNECT_FAILED : ErrorCode.MQTT_CLOSED_BY_PEER);
        },
      },
      _onTimer: () => {
        client._timer = 0;
        look(client);
      },
      _control: new Uint8Array(packetBytes),
      _controlLength: 0,
      _connection: undefined,
      _writing: false,
      _reading: false,
      _owed: 0,
      _packetId: 0,
      _state: State.STOPPED,
      _until: NEVER,
      _due: ErrorCode.OK,
      _timer: 0,
      _timerAt: 0,
      _connectedAt: NEVER,
      _writtenAt: 0,
      _heardAt: 0,
      _pingedAt: NEVER,
      _progressAt: 0,
    };
    this._client = client;
    const length = encodeConnect(options, client._keepAliveSec, client._control);
    if (length < 0) throw new DeviceError(-length as ErrorCode, packetBytes);
    // A session needs a name [MQTT-3.1.3-7].
    if (!options.clientId) throw new DeviceError(ErrorCode.DEVICE_ID_INVALID, 0);
  }

  /** Connects, and keeps connecting until `stop`. */
  start(): void {
    const client = this._client;
    if (client._state === State.CLOSING) end(client, ErrorCode.OK);
    if (client._state === State.STOPPED) openTransport(client);
  }

  /**
   * Ends the connection in good order [MQTT-3.14.4-1]; what waits for PUBACK stays for the next `start`.
   * `onClosed(OK)` follows, at once where there is no connection.
   */
  stop(): void {
    const client = this._client;
    if (client._state === State.CONNECTED) {
      enter(client, State.CLOSING, client._responseMs, ErrorCode.MQTT_WRITE_STALLED);
      putBare(client, PacketType.DISCONNECT);
    } else if (client._state !== State.STOPPED && client._state !== State.CLOSING) end(client, ErrorCode.OK);
  }

  connected(): boolean {
    return this._client._state === State.CONNECTED;
  }

  /** True when nothing is unwritten and the broker owes no acknowledgement: the device may stop the client and sleep. */
  idle(): boolean {
    const client = this._client;
    return !(client._window._count || client._writing || client._controlLength || client._owed);
  }

  publish(topic: string, payload: Uint8Array, length: number, qos: Qos, retain: boolean): number {
    if (!this.connected()) return -ErrorCode.MQTT_NOT_CONNECTED;
    const client = this._client;
    const packet = client._window._all[client._window._count];
    if (!packet) return -ErrorCode.MQTT_WINDOW_FULL;
    const packetId = qos ? nextPacketId(client) : 0;
    const size = encodePublish(packet._bytes, topic, payload, length, qos, retain, packetId);
    if (size < 0) return size;
    packet._packetId = packetId;
    packet._length = size;
    client._window._count++;
    pump(client);
    return packetId;
  }

  /** Throws DeviceError where `filter` is not one, or longer than a packet. A known filter gets the new handler. */
  subscribe(filter: string, qos: Qos, handler: MessageHandler): void {
    const client = this._client;
    const standing = client._options.resumed ? Standing.GRANTED : Standing.UNKNOWN;
    const added = { _filter: filter, _qos: qos, _handler: handler, _standing: standing };
    addSubscription(client._subscriptions, added, client._control.length);
    pump(client);
  }
}

/** The timer has run: does what is due, if its time has come. */
function look(client: ClientState): void {
  const now = client._clock.nowMs();
  if (now < deadline(client)) arm(client);
  else if (client._due) end(client, client._due);
  else if (client._state === State.WAITING) openTransport(client);
  else {
    client._pingedAt = now;
    putBare(client, PacketType.PINGREQ);
  }
}
