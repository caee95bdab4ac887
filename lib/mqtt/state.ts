import type { ErrorCode } from "../core/error-code.js";
import type { Clock, TimerId } from "../hal/clock.js";
import type { Connection, ConnectionEvents, Transport } from "../hal/transport.js";
import type { Backoff } from "./backoff.js";
import type { InFlightWindow } from "./in-flight-window.js";
import type { MqttListener, MqttOptions, MqttStatistics } from "./options.js";
import type { PacketReader } from "./packet-reader.js";
import type { Subscription } from "./subscriptions.js";

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
export interface ClientState {
  readonly _transport: Transport;
  readonly _clock: Clock;
  readonly _options: MqttOptions;
  readonly _listener: MqttListener;
  readonly _statistics: MqttStatistics;
  readonly _keepAliveSec: number;
  readonly _responseMs: number;
  readonly _window: InFlightWindow;
  readonly _subscriptions: Subscription[];
  readonly _backoff: Backoff;
  readonly _reader: PacketReader;
  readonly _events: ConnectionEvents;
  readonly _onTimer: () => void;
  /** Packets other than PUBLISH, put together until the next write. */
  readonly _control: Uint8Array;
  _controlLength: number;
  _connection: Connection | undefined;
  /** A write has not drained. */
  _writing: boolean;
  /** Handlers are running. */
  _reading: boolean;
  /** Answers that the broker owes on this connection: PUBACKs and SUBACKs. */
  _owed: number;
  /** The last packet id given out. */
  _packetId: number;
  _state: State;
  /** When the state ends by itself, and why: OK means that the next step is due. */
  _until: number;
  _due: ErrorCode;
  _timer: TimerId;
  _timerAt: number;
  _connectedAt: number;
  _writtenAt: number;
  _heardAt: number;
  /** When a PINGREQ was due that is not answered. */
  _pingedAt: number;
  /** When the broker last gave an answer that it owed, or began to owe one. */
  _progressAt: number;
}
