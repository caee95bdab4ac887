import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Clock } from "../hal/clock.js";
import type { MessageHandler, Messenger, Qos } from "../hal/messenger.js";
import type { Connection, ConnectionEvents, Transport } from "../hal/transport.js";
import { Backoff } from "./backoff.js";
import { encodeConnect } from "./connect.js";
import { ControlBuffer } from "./control-buffer.js";
import { DeadlineTimer, NEVER } from "./deadline-timer.js";
import { InFlightWindow } from "./in-flight-window.js";
import { Liveness } from "./liveness.js";
import { orElse } from "./options.js";
import type { MqttListener, MqttOptions, MqttStatistics } from "./options.js";
import { PacketReader } from "./packet-reader.js";
import { PacketType } from "./packet-type.js";
import { encodePublish, ReceivedPublish } from "./publish.js";
import { State } from "./state.js";
import { Subscriptions } from "./subscriptions.js";

/**
 * An MQTT 3.1.1 client with a persistent session: QoS 0 and 1 both ways, retransmission over reconnections, one write
 * outstanding, one timer. Whatever the broker sends, it never throws after construction. docs/mqtt.md has the rules.
 */
export class MqttClient implements Messenger {
  readonly statistics: MqttStatistics = { connections: 0, failedAttempts: 0, bytesSent: 0, bytesReceived: 0 };
  private readonly _window: InFlightWindow;
  private readonly _subscriptions: Subscriptions;
  private readonly _control: ControlBuffer;
  private readonly _reader: PacketReader;
  private readonly _received = new ReceivedPublish();
  private readonly _backoff: Backoff;
  private readonly _liveness: Liveness;
  private readonly _timer: DeadlineTimer;
  private readonly _events: ConnectionEvents;
  private readonly _keepAliveSec: number;
  private readonly _connectMs: number;
  private readonly _responseMs: number;
  private readonly _stableMs: number;
  private _state: State = State.STOPPED;
  /** When the state ends by itself; CONNECTED asks `_liveness`. */
  private _until = NEVER;
  private _connection: Connection | undefined;
  private _connectedAt = NEVER;
  private _writing = false;
  private _reading = false;
  private _packetId = 0;

  /** Throws DeviceError where the options do not make a CONNECT packet. */
  constructor(
    private readonly _transport: Transport,
    private readonly _clock: Clock,
    private readonly _options: MqttOptions,
    private readonly _listener: MqttListener,
  ) {
    const packetBytes = orElse(_options.maxPacketBytes, 1100);
    this._keepAliveSec = orElse(_options.keepAliveSec, 120);
    this._connectMs = orElse(_options.connectTimeoutMs, 30000);
    this._responseMs = orElse(_options.responseTimeoutMs, 30000);
    this._stableMs = orElse(_options.stableMs, 60000);
    this._control = new ControlBuffer(packetBytes);
    const length = encodeConnect(_options, this._keepAliveSec, this._control.bytes);
    if (length < 0) throw new DeviceError(-length as ErrorCode, packetBytes);
    // A session needs a name [MQTT-3.1.3-7].
    if (!_options.clientId) throw new DeviceError(ErrorCode.DEVICE_ID_INVALID, 0);
    this._window = new InFlightWindow(orElse(_options.maxInFlight, 4), packetBytes);
    this._subscriptions = new Subscriptions(_listener, _options.resumed === true);
    this._reader = new PacketReader(orElse(_options.maxReceiveBytes, packetBytes), (first, bytes, start, end) =>
      this._readPacket(first, bytes, start, end),
    );
    this._backoff = new Backoff(_options.retry || { minMs: 5000, maxMs: 600000 }, _options.jitterSeed);
    // A tenth of the keep-alive is left for timers that run late [MQTT-3.1.2-23].
    this._liveness = new Liveness(this._keepAliveSec ? this._keepAliveSec * 900 : NEVER, this._responseMs);
    this._timer = new DeadlineTimer(_clock, () => {
      this._look();
    });
    this._events = {
      onOpen: () => {
        this._sendConnect();
      },
      onData: (bytes) => {
        this._read(bytes);
      },
      onDrain: () => {
        this._drained();
      },
      onClose: () => {
        this._end(this._state === State.OPENING ? ErrorCode.MQTT_CONNECT_FAILED : ErrorCode.MQTT_CLOSED_BY_PEER);
      },
    };
  }

  /** Connects, and keeps connecting until `stop`. */
  start(): void {
    if (this._state === State.CLOSING) this._end(ErrorCode.OK);
    if (this._state === State.STOPPED) this._open();
  }

  /**
   * Ends the connection in good order; what waits for PUBACK stays for the next `start`. `onClosed(OK)` follows, at
   * once where there is no connection.
   */
  stop(): void {
    if (this._state === State.CONNECTED) {
      this._enter(State.CLOSING, this._clock.nowMs() + this._responseMs);
      this._control.bare(PacketType.DISCONNECT);
      this._pump();
    } else if (this._state !== State.STOPPED && this._state !== State.CLOSING) this._end(ErrorCode.OK);
  }

  connected(): boolean {
    return this._state === State.CONNECTED;
  }

  /** True when nothing is unwritten and the broker owes no acknowledgement: the device may stop the client and sleep. */
  idle(): boolean {
    const asking = this.connected() && (this._subscriptions.due() || this._subscriptions.awaits());
    return this._window.empty() && !this._writing && this._control.length === 0 && !asking;
  }

  publish(topic: string, payload: Uint8Array, length: number, qos: Qos, retain: boolean): number {
    if (!this.connected()) return -ErrorCode.MQTT_NOT_CONNECTED;
    const room = this._window.room();
    if (!room) return -ErrorCode.MQTT_WINDOW_FULL;
    const packetId = qos ? this._nextPacketId() : 0;
    const end = encodePublish(room, topic, payload, length, qos, retain, packetId);
    if (end < 0) return end;
    this._window.queue(packetId, end);
    this._pump();
    return packetId;
  }

  /** Throws DeviceError where `filter` is not one, or longer than a packet. A known filter gets the new handler. */
  subscribe(filter: string, qos: Qos, handler: MessageHandler): void {
    this._subscriptions.add(filter, qos, handler, this._control.bytes.length);
    this._pump();
  }

  // The connect flow, in order. Each step is begun by the event that ends the one before.

  /** 1. The transport [MQTT-4.2.0-1]. The deadline is set first, so that a transport that fails badly is survived. */
  private _open(): void {
    this._enter(State.OPENING, this._clock.nowMs() + this._connectMs);
    this._connection = this._transport.open(this._options.host, this._options.port, this._events);
  }

  /** 2. CONNECT is the first packet [MQTT-3.1.0-1], and sent once [MQTT-3.1.0-2]; nothing follows before CONNACK. */
  private _sendConnect(): void {
    if (this._state !== State.OPENING) return;
    this._enter(State.CONNECTING, this._until);
    this._reader.reset();
    this._control.length = encodeConnect(this._options, this._keepAliveSec, this._control.bytes);
    this._pump();
  }

  /** 3. CONNACK is the first answer [MQTT-3.2.0-1]: accepted, or refused with one of five reasons (§3.2.2.3). */
  private _readConnack(bytes: Uint8Array, start: number, end: number): ErrorCode {
    const refusal = bytes[start + 1]!;
    if (end - start !== 2 || bytes[start]! > 1 || refusal > 5) return ErrorCode.MQTT_MALFORMED_PACKET;
    if (refusal > 0) return ErrorCode.MQTT_REFUSED_PROTOCOL - 1 + refusal;
    this._resume(bytes[start] === 1);
    return ErrorCode.OK;
  }

  /**
   * 4. The session goes on: filters that the broker does not know are asked for, PUBLISH packets that were not
   * acknowledged are sent again in their order (they are queued already), then what the owner publishes.
   */
  private _resume(sessionPresent: boolean): void {
    this._connectedAt = this._clock.nowMs();
    this._liveness.begin(this._connectedAt);
    this._subscriptions.begin(sessionPresent);
    this.statistics.connections++;
    this._enter(State.CONNECTED, NEVER);
    this._listener.onConnected(sessionPresent);
  }

  // What arrives.

  private _read(bytes: Uint8Array): void {
    if (this._state !== State.CONNECTING && this._state !== State.CONNECTED) return;
    this.statistics.bytesReceived += bytes.length;
    this._liveness.received(this._clock.nowMs());
    // Nothing is written until the handlers are done: a PUBACK must not leave before its message is dealt with.
    this._reading = true;
    const code = this._reader.read(bytes);
    this._reading = false;
    if (code !== ErrorCode.OK) this._end(code);
    else this._pump();
  }

  private _readPacket(first: number, bytes: Uint8Array, start: number, end: number): ErrorCode {
    if (this._state === State.CONNECTING && first === PacketType.CONNACK) return this._readConnack(bytes, start, end);
    if (this._state === State.CONNECTING) return ErrorCode.MQTT_PROTOCOL_ERROR;
    // A handler has called `stop`: the broker sends the rest again in the next connection.
    if (this._state !== State.CONNECTED) return ErrorCode.OK;
    if ((first & 0xf0) === PacketType.PUBLISH) return this._readPublish(first, bytes, start, end);
    switch (first) {
      case PacketType.PUBACK:
        return this._readPuback(bytes, start, end);
      case PacketType.SUBACK:
        this._liveness.progressed(this._clock.nowMs());
        return this._subscriptions.answer(bytes, start, end);
      case PacketType.PINGRESP:
        if (end !== start) return ErrorCode.MQTT_MALFORMED_PACKET;
        return this._liveness.ponged() ? ErrorCode.OK : ErrorCode.MQTT_PROTOCOL_ERROR;
      default:
        return ErrorCode.MQTT_PROTOCOL_ERROR;
    }
  }

  /** Delivers a message; QoS 1 is acknowledged, a repeat too [MQTT-4.3.2-2], in the order of arrival [MQTT-4.6.0-2]. */
  private _readPublish(first: number, bytes: Uint8Array, start: number, end: number): ErrorCode {
    const code = this._received.read(first, bytes, start, end);
    if (code !== ErrorCode.OK) return code;
    const packetId = this._received.packetId;
    if (packetId && !this._control.puback(packetId)) return ErrorCode.MQTT_FLOODED;
    this._subscriptions.deliver(this._received, bytes, end);
    return ErrorCode.OK;
  }

  private _readPuback(bytes: Uint8Array, start: number, end: number): ErrorCode {
    if (end - start !== 2) return ErrorCode.MQTT_MALFORMED_PACKET;
    const packetId = (bytes[start]! << 8) | bytes[start + 1]!;
    if (!this._window.acknowledge(packetId)) return ErrorCode.MQTT_PROTOCOL_ERROR;
    this._liveness.progressed(this._clock.nowMs());
    this._listener.onPublished(packetId);
    return ErrorCode.OK;
  }

  // What leaves.

  private _drained(): void {
    this._writing = false;
    if (this._state === State.CLOSING && this._control.length === 0) this._end(ErrorCode.OK);
    else this._pump();
  }

  /** Writes what waits, if no write is outstanding: control packets together, else the oldest queued PUBLISH. */
  private _pump(): void {
    if (this._connection && !this._writing && !this._reading) {
      const live = this.connected();
      if (live && this._subscriptions.due()) this._putSubscribe();
      if (this._control.length > 0) this._write(this._control.bytes, this._control.take());
      else if (live) this._writePublish();
    }
    this._arm();
  }

  private _putSubscribe(): void {
    this._expectAnswer();
    this._control.length = this._subscriptions.encode(this._nextPacketId(), this._control.bytes, this._control.length);
  }

  private _writePublish(): void {
    const slot = this._window.next();
    if (slot < 0) return;
    this._expectAnswer();
    this._window.sent(slot);
    this._write(this._window.packet(slot), this._window.length(slot));
  }

  private _write(bytes: Uint8Array, length: number): void {
    this._writing = true;
    this.statistics.bytesSent += length;
    this._liveness.sent(this._clock.nowMs());
    this._connection!.write(bytes, length);
  }

  private _nextPacketId(): number {
    do {
      this._packetId = this._packetId === 65535 ? 1 : this._packetId + 1;
    } while (this._window.holds(this._packetId) || this._subscriptions.holds(this._packetId));
    return this._packetId;
  }

  // Time and state.

  private _awaits(): boolean {
    return this._window.awaits() || this._subscriptions.awaits();
  }

  /** Something that the broker must answer is about to be sent: its time begins, unless it owes an answer already. */
  private _expectAnswer(): void {
    if (!this._awaits()) this._liveness.progressed(this._clock.nowMs());
  }

  private _deadline(): number {
    return this.connected() ? this._liveness.deadline(this._writing, this._awaits()) : this._until;
  }

  private _arm(): void {
    this._timer.set(this._deadline());
  }

  /** The timer has run: does what the deadline means, if it has come. */
  private _look(): void {
    const now = this._clock.nowMs();
    if (now < this._deadline()) this._arm();
    else if (this._state === State.WAITING) this._open();
    else if (this._state === State.CLOSING) this._end(ErrorCode.MQTT_WRITE_STALLED);
    else if (!this.connected()) this._end(ErrorCode.MQTT_CONNECT_TIMEOUT);
    else if (this._liveness.due !== ErrorCode.OK) this._end(this._liveness.due);
    else {
      this._liveness.pinged(now);
      this._control.bare(PacketType.PINGREQ);
      this._pump();
    }
  }

  /** The attempt or connection is over: nothing of it remains but the session. */
  private _end(code: ErrorCode): void {
    const from = this._state;
    const now = this._clock.nowMs();
    if (this._connection) this._connection.close();
    this._connection = undefined;
    this._writing = false;
    this._control.length = 0;
    this._window.rewind();
    if (now - this._connectedAt >= this._stableMs) this._backoff.reset();
    this._connectedAt = NEVER;
    if (from === State.OPENING || from === State.CONNECTING) this.statistics.failedAttempts++;
    if (code === ErrorCode.OK || from === State.CLOSING) this._enter(State.STOPPED, NEVER);
    else this._enter(State.WAITING, now + this._backoff.nextMs());
    this._listener.onClosed(code);
  }

  /** The one place where the state changes. */
  private _enter(state: State, until: number): void {
    this._state = state;
    this._until = until;
    this._arm();
  }
}
