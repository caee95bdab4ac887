import type { Clock, TimerId } from "../hal/clock.js";
import type { Connection, ConnectionEvents, Transport } from "../hal/transport.js";
import type { Backoff } from "./backoff.js";
import type { InFlightWindow } from "./in-flight-window.js";
import type { MqttListener, MqttOptions, PartHandler } from "./options.js";
import type { PacketReader } from "./packet-reader.js";
import type { Subscription } from "./subscription.js";

/** Later than any deadline. */
export const NEVER = 9e15;

/** The life of a client. Only `enter` (lifecycle.ts) changes it. */
export const enum State {
  STOPPED,
  /** Between attempts. */
  WAITING,
  /** The transport connects. */
  OPENING,
  /** CONNECT is sent, CONNACK awaited. */
  CONNECTING,
  CONNECTED,
  /** DISCONNECT is on its way out. */
  CLOSING,
}

/**
 * All that a client knows. Its functions are grouped by what they do: connect-flow, receive, send, lifecycle, deadline.
 * Plain functions over one record are a third smaller than methods once minified.
 */
export interface ClientState extends Backoff, InFlightWindow, PacketReader {
  readonly _transport: Transport;
  readonly _clock: Clock;
  readonly _options: MqttOptions;
  readonly _listener: MqttListener;
  readonly _events: ConnectionEvents;
  readonly _onTimer: () => void;
  /** Hears of messages that are not whole yet. */
  readonly _onPart: PartHandler | undefined;
  /** PUBACK, PINGREQ and DISCONNECT, put together until the next write; CONNECT and SUBSCRIBE while it is empty. */
  readonly _control: Uint8Array;
  /** Bytes handed to the transport since the client was made. */
  bytesSent: number;
  _controlLength: number;
  _connection: Connection | undefined;
  /** Handlers are running. */
  _reading: boolean;
  readonly _subscriptions: Subscription[];
  /** How many of them the broker has answered, in order. */
  _answered: number;
  /** A SUBSCRIBE is sent, its SUBACK awaited. */
  _asking: boolean;
  /** The broker has refused one: all are asked for again in the next connection. */
  _refused: boolean;
  /** The last packet id given out. */
  _packetId: number;
  _state: State;
  /** When the state ends by itself; while CONNECTED, when PINGREQ is due, or its answer. */
  _until: number;
  /** When a write must have drained; NEVER: none is outstanding. */
  _drainBy: number;
  /** When the next answer that the broker owes must have come. */
  _answerBy: number;
  /** A PINGREQ is not answered. */
  _pinged: boolean;
  _connectedAt: number;
  _writtenAt: number;
  _heardAt: number;
  _timer: TimerId;
}
