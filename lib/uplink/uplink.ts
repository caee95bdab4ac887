import { CborReader } from "../core/cbor-reader.js";
import { ErrorCode } from "../core/error-code.js";
import type { MessageHandler, Messenger } from "../hal/messenger.js";
import type { Platform } from "../hal/platform.js";
import type { Outbox } from "../outbox/outbox.js";
import { Priority } from "../outbox/outbox.js";
import { AckMode, type Delivery } from "./delivery.js";
import type { ModelResult } from "./model-result.js";
import { ResultsMessage } from "./results-message.js";
import type { DeviceFacts, DeviceState } from "./status-message.js";
import { encodeStatus, stateStatus } from "./status-message.js";
import type { TimeSync } from "./time-sync.js";
import { PROTOCOL_VERSION, TopicName, topicPath } from "./topics.js";

/** How long the collector may stay silent about a message before it is sent again. */
const COLLECTOR_PATIENCE_MS = 60000;
/** How often, while connected, the ages of records, status and silence are looked at. */
const TICK_MS = 10000;
/** Errors told in one status. */
const MAX_ERRORS = 8;
const NOTHING = new Uint8Array(0);

export interface UplinkOptions {
  readonly device: string;
  readonly application: string;
  /** Names of the model's outputs, by the index that `report` is given. */
  readonly outputs: readonly string[];
  readonly facts: DeviceFacts;
  /** What `status` says of a device that is connected: SLEEPING where it connects now and then. */
  readonly state: DeviceState;
  /** Absent where the device has no key, or its engine no SHA-256. */
  readonly time?: TimeSync | undefined;
  readonly ackMode: AckMode;
  /** While connected, a message is sent for so many records, and takes up to MAX_BATCH_RECORDS of what waits. */
  readonly batchRecords: number;
  /** A record waits at most this long for others to share its message. */
  readonly batchAgeMs: number;
  /** Status is repeated after this long while connected. */
  readonly statusPeriodMs: number;
}

/** Results → records → outbox → messages. Nothing leaves the outbox before the receiver has it. */
export class Uplink {
  /** Records accepted by the outbox since boot. */
  reported = 0;
  /** Records that the outbox refused since boot. */
  refused = 0;

  private readonly _message: ResultsMessage;
  private readonly _deliveries: Delivery[];
  /** Codes that the next status tells. */
  _errors: ErrorCode[] = [];
  /** When the last whole status was sent. */
  _statusMs = -Infinity;
  private _ticking = false;
  private _announced = false;

  constructor(
    private readonly _options: UplinkOptions,
    private readonly _outbox: Outbox,
    private readonly _messenger: Messenger,
    private readonly _platform: Platform,
  ) {
    const { epoch, modelId, modelVersion } = _options.facts;
    this._message = new ResultsMessage(_options.application, _options.outputs, epoch, modelId, modelVersion);
    // Alarms first: `_pump` serves the classes in this order.
    this._deliveries = [Priority.ALARM, Priority.NORMAL].map((priority) => ({
      priority,
      token: 0,
      lastSequence: 0,
      sentMs: 0,
      dueMs: Infinity,
    }));
    const time = _options.time;
    if (_options.ackMode === AckMode.COLLECTOR) {
      this._hear(TopicName.ACK, (_topic, payload, start, end) => this._onAck(payload, start, end));
    }
    if (time) {
      this._hear(TopicName.TIME, (_topic, payload, start, end) => {
        if (!time.accept(payload, start, end, this._nowSec())) this.noteError(ErrorCode.MESSAGE_INVALID);
      });
    }
  }

  private _hear(topic: TopicName, handler: MessageHandler): void {
    this._messenger.subscribe(topicPath(this._options.device, topic), 0, handler);
  }

  /** Takes one result of the model. Returns its sequence, or the negated ErrorCode. */
  report(output: number, result: ModelResult, priority: Priority): number {
    const record = this._message.record;
    this._message.encode(output, this._nowSec(), result.value());
    const sequence = this._outbox.append(priority, record.bytes, record.length);
    if (sequence < 0) this.refused++;
    else {
      this.reported++;
      const delivery = this._deliveries[1 - priority]!;
      delivery.dueMs = Math.min(delivery.dueMs, this._nowMs() + this._options.batchAgeMs);
    }
    this._pump();
    return sequence;
  }

  /** Records that are not delivered yet. */
  waiting(): number {
    return this._outbox.waiting(Priority.NORMAL) + this._outbox.waiting(Priority.ALARM);
  }

  /** Something went wrong: the next status tells, once. The oldest are kept, because they caused the others. */
  noteError(code: ErrorCode): void {
    if (code !== ErrorCode.OK && this._errors.indexOf(code) < 0 && this._errors.length < MAX_ERRORS)
      this._errors.push(code);
  }

  /** The connection is up: say who is there, then send all that waits. */
  onConnected(): void {
    for (let i = 0; i < 2; i++) {
      const delivery = this._deliveries[i]!;
      delivery.sentMs = this._nowMs();
      if (this._outbox.waiting(delivery.priority)) delivery.dueMs = delivery.sentMs;
    }
    this._announced = false;
    this._pump();
  }

  /** A QoS 1 message has arrived. */
  onPublished(token: number): void {
    for (let i = 0; i < 2; i++) {
      const delivery = this._deliveries[i]!;
      if (delivery.token === token && this._options.ackMode === AckMode.PUBACK) this._delivered(delivery);
    }
    this._pump();
  }

  private _pump(): void {
    const now = this._nowMs();
    if (this._messenger.connected()) {
      if (now - this._statusMs >= this._options.statusPeriodMs) this._publishStatus();
      else if (!this._announced) this._announce();
      for (let i = 0; i < 2; i++) this._serve(this._deliveries[i]!, now);
      this._tick();
    }
    this._platform.observe("reported", this.reported);
    this._platform.observe("waiting", this.waiting());
    this._platform.observe("evicted", this._outbox.evicted(Priority.NORMAL) + this._outbox.evicted(Priority.ALARM));
  }

  /** Looks again after a while, until the connection ends. */
  private _tick(): void {
    if (this._ticking) return;
    this._ticking = true;
    this._platform.clock.after(TICK_MS, () => {
      this._ticking = false;
      this._pump();
    });
  }

  /** Sends the next message of a class: for an alarm, a full message, an old record, or after connecting. */
  private _serve(delivery: Delivery, now: number): void {
    const waiting = this._outbox.waiting(delivery.priority);
    if (delivery.lastSequence) {
      if (this._options.ackMode === AckMode.PUBACK || now - delivery.sentMs < COLLECTOR_PATIENCE_MS) return;
      delivery.lastSequence = 0;
      delivery.dueMs = now;
    }
    if (!waiting || (!delivery.priority && waiting < this._options.batchRecords && now < delivery.dueMs)) return;
    const message = this._message;
    message.build(this._outbox, delivery.priority, this._nowSec());
    const topic = topicPath(this._options.device, TopicName.RESULTS);
    const token =
      message.count && this._messenger.publish(topic, message.writer.bytes, message.writer.length, 1, false);
    if (token <= 0) return;
    delivery.token = token;
    delivery.lastSequence = message.lastSequence;
    delivery.sentMs = now;
    if (waiting <= message.count) delivery.dueMs = Infinity;
  }

  /** The receiver has the message under way. */
  private _delivered(delivery: Delivery): void {
    this._outbox.acknowledge(delivery.priority, delivery.lastSequence);
    delivery.token = delivery.lastSequence = 0;
  }

  private _publishStatus(): void {
    const outbox = this._outbox;
    const platform = this._platform;
    const time = this._options.time;
    this.noteError(outbox.takeError());
    if (time) time.ask();
    encodeStatus(this._message.writer, this._options.state, this._options.facts, {
      evictedNormal: outbox.evicted(Priority.NORMAL),
      evictedAlarm: outbox.evicted(Priority.ALARM),
      supplyMillivolts: platform.power.supplyMillivolts(),
      freeMemory: platform.freeMemory(),
      waiting: this.waiting(),
      epochSec: this._nowSec(),
      errors: this._errors,
      nonce: time ? time.nonce : NOTHING,
      syncedAt: time ? time.syncedAt : [],
      wallClockSec: platform.wallClockSec(),
    });
    if (!this._publishRetained(this._message.writer.bytes, this._message.writer.length)) return;
    this._statusMs = this._nowMs();
    this._errors = [];
  }

  /** The will may have said that the device is gone, and the last status is not old: the state alone corrects it. */
  private _announce(): void {
    const status = stateStatus(this._options.state);
    this._publishRetained(status, status.length);
  }

  /** False where the window is full: the next look tries again. */
  private _publishRetained(status: Uint8Array, length: number): boolean {
    const topic = topicPath(this._options.device, TopicName.STATUS);
    return (this._announced = this._messenger.publish(topic, status, length, 1, true) > 0);
  }

  private _onAck(payload: Uint8Array, start: number, end: number): void {
    const reader = new CborReader(payload, start, end);
    const items = reader.array();
    const version = reader.unsigned();
    const incarnation = reader.unsigned();
    const normal = reader.unsigned();
    const alarm = reader.unsigned();
    if (reader.failed || items < 4 || version !== PROTOCOL_VERSION || incarnation !== this._outbox.incarnation) return;
    for (let i = 0; i < 2; i++) {
      const delivery = this._deliveries[i]!;
      // Nothing is taken as delivered that was not sent, whatever the number says.
      if (delivery.lastSequence && (delivery.priority ? alarm : normal) >= delivery.lastSequence)
        this._delivered(delivery);
    }
    this._pump();
  }

  private _nowSec(): number {
    return Math.floor(this._nowMs() / 1000);
  }

  private _nowMs(): number {
    return this._platform.clock.nowMs();
  }
}
