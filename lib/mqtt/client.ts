import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Clock, TimerId } from "../hal/clock.js";
import type { MessageHandler, Messenger, Qos } from "../hal/messenger.js";
import type { Connection, ConnectionEvents, Transport } from "../hal/transport.js";
import { openTransport, sendConnect } from "./connect-flow.js";
import { encodeConnect } from "./connect.js";
import { arm } from "./deadline.js";
import { createPackets, type InFlight } from "./in-flight-window.js";
import { end, enter, forget } from "./lifecycle.js";
import type { MqttListener, MqttOptions, PartHandler } from "./options.js";
import { PacketType } from "./packet-type.js";
import { encodePublish } from "./publish.js";
import { receive } from "./receive.js";
import { nextPacketId, pump, putBare } from "./send.js";
import { NEVER, State, type ClientState } from "./state.js";
import { SUBSCRIBE_OVERHEAD } from "./subscribe.js";
import type { Subscription } from "./subscription.js";
import { isTopic } from "./topic.js";

/**
 * An MQTT 3.1.1 client with a persistent session: QoS 0 and 1 both ways, retransmission over reconnections, one write
 * outstanding, one timer. Whatever the broker sends, it never throws after construction. docs/mqtt.md has the rules.
 */
export class MqttClient implements Messenger, ClientState {
  bytesSent = 0;
  readonly _events: ConnectionEvents = {
    onOpen: () => sendConnect(this),
    onData: (bytes) => receive(this, bytes),
    onDrain: () => {
      this._drainBy = NEVER;
      pump(this);
    },
    onClose: () =>
      end(this, this._state === State.OPENING ? ErrorCode.MQTT_CONNECT_FAILED : ErrorCode.MQTT_CLOSED_BY_PEER),
  };
  readonly _onTimer = (): void => look(this);
  readonly _all: InFlight[];
  _body: Uint8Array;
  _onPart!: PartHandler | undefined;
  _maxBytes: number;
  readonly _control: Uint8Array;
  _count = 0;
  _sent = 0;
  _rangeMs = 0;
  _random: number;
  readonly _subscriptions: Subscription[] = [];
  _answered = 0;
  _packetId = 0;
  // Unset is false.
  _reading!: boolean;
  _refused!: boolean;
  _timer: TimerId = 0;
  // Of the connection: `forget` sets them.
  _connection: Connection | undefined;
  _controlLength!: number;
  _asking!: boolean;
  _pinged!: boolean;
  _shift!: number;
  // Of the packet that arrives.
  _first!: number;
  _remaining!: number;
  _have!: number;
  _state!: State;
  _until!: number;
  _drainBy!: number;
  _answerBy!: number;
  _connectedAt!: number;
  _writtenAt!: number;
  _heardAt!: number;

  /** Throws DeviceError where the options do not make a CONNECT packet. */
  constructor(
    readonly _transport: Transport,
    readonly _clock: Clock,
    readonly _options: MqttOptions,
    readonly _listener: MqttListener,
  ) {
    const packetBytes = _options.maxPacketBytes;
    this._all = createPackets(_options.maxInFlight, packetBytes);
    this._random = _options.jitterSeed | 0 || 1;
    this._maxBytes = _options.maxReceiveBytes;
    this._body = new Uint8Array(this._maxBytes);
    this._control = new Uint8Array(_options.controlBytes || packetBytes);
    encodeConnect(_options, this._control);
    forget(this);
  }

  /** Connects, and keeps connecting until `stop`. */
  start(): void {
    if (this._state === State.CLOSING) end(this, ErrorCode.OK);
    if (this._state === State.STOPPED) openTransport(this);
  }

  /**
   * Ends the connection in good order [MQTT-3.14.4-1]; what waits for PUBACK stays for the next `start`.
   * `onClosed(OK)` follows, at once where there is no connection.
   */
  stop(): void {
    if (this.connected()) {
      enter(this, State.CLOSING, NEVER);
      putBare(this, PacketType.DISCONNECT);
    } else if (this._state !== State.STOPPED && this._state !== State.CLOSING) end(this, ErrorCode.OK);
  }

  connected(): boolean {
    return this._state === State.CONNECTED;
  }

  /** PUBLISH packets that are not written or not acknowledged. */
  pending(): number {
    return this._count;
  }

  /**
   * Takes packets of so many bytes, in place of `maxReceiveBytes`, from the next one on. The buffer becomes as long when it
   * begins.
   * @param onPart hears what has come so far of a QoS 0 message that is not whole yet, each time that more has come. A TCP
   * stream has no holes, so it is the payload's beginning. Of which topic, the payload must say.
   */
  receiveUpTo(bytes: number, onPart?: PartHandler): void {
    this._maxBytes = bytes;
    this._onPart = onPart;
  }

  publish(topic: string, payload: Uint8Array, length: number, qos: Qos, retain: boolean): number {
    if (!this.connected()) return -ErrorCode.MQTT_NOT_CONNECTED;
    const packet = this._all[this._count];
    if (!packet) return -ErrorCode.MQTT_WINDOW_FULL;
    const packetId = qos && nextPacketId(this);
    const size = encodePublish(packet._bytes, topic, payload, length, qos, retain, packetId);
    if (size < 0) return size;
    packet._packetId = packetId;
    packet._length = size;
    this._count++;
    pump(this);
    return packetId;
  }

  /** Throws DeviceError where `filter` is not a topic, or does not fit a packet. */
  subscribe(filter: string, qos: Qos, handler: MessageHandler): void {
    if (filter.length + SUBSCRIBE_OVERHEAD > this._control.length || !isTopic(filter)) {
      throw new DeviceError(ErrorCode.MQTT_TOPIC_INVALID, filter.length);
    }
    this._subscriptions.push({ _filter: filter, _qos: qos, _handler: handler });
    pump(this);
  }
}

/** The timer has run: does what is due, if its time has come. */
function look(client: ClientState): void {
  const now = client._clock.nowMs();
  if (now >= client._drainBy) end(client, ErrorCode.MQTT_WRITE_STALLED);
  else if (now >= client._answerBy) end(client, ErrorCode.MQTT_ACK_TIMEOUT);
  else if (now < client._until) arm(client);
  else if (client._state === State.WAITING) openTransport(client);
  else if (client._state !== State.CONNECTED) end(client, ErrorCode.MQTT_CONNECT_TIMEOUT);
  else if (client._pinged) end(client, ErrorCode.MQTT_PING_TIMEOUT);
  else {
    client._pinged = true;
    client._until = now + client._options.timeoutMs;
    putBare(client, PacketType.PINGREQ);
  }
}
