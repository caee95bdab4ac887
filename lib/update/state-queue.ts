import { copyOf } from "../core/bytes.js";
import { SettingKey } from "../settings/keys.js";
import type { SlotSettings } from "./boot-record.js";

/** What a setting holds at most. */
const MAX_QUEUE_BYTES = 200;

/** Messages of `update/state` that wait, in the settings, until the broker has them: each behind its length. */
export class StateQueue {
  private _token = 0;

  /** @param _publish sends a message with QoS 1; a token above 0 where it is on its way */
  constructor(
    private readonly _settings: SlotSettings,
    private readonly _publish: (message: Uint8Array) => number,
  ) {}

  /** Adds a message, and sends the oldest. Where the queue is full the new one is left out: the older ones explain it. */
  add(message: Uint8Array): void {
    const waiting = this._waiting();
    const all = new Uint8Array(waiting.length + 1 + message.length);
    if (all.length > MAX_QUEUE_BYTES) return;
    all.set(waiting);
    all[waiting.length] = message.length;
    all.set(message, waiting.length + 1);
    this._settings.set(SettingKey.UPDATE_STATES, all);
    this.send();
  }

  /** Bytes that wait; 0 once the broker has all. */
  length(): number {
    return this._waiting().length;
  }

  /** Sends the oldest message, unless it is on its way. */
  send(): void {
    const waiting = this._waiting();
    if (waiting.length && this._token <= 0) this._token = this._publish(copyOf(waiting, 1, 1 + waiting[0]!));
  }

  /** The broker has the message of this token. */
  onPublished(token: number): void {
    if (token !== this._token) return;
    const waiting = this._waiting();
    this._token = 0;
    this._settings.set(SettingKey.UPDATE_STATES, copyOf(waiting, 1 + waiting[0]!, waiting.length));
    this.send();
  }

  private _waiting(): Uint8Array {
    return this._settings.get(SettingKey.UPDATE_STATES);
  }
}
