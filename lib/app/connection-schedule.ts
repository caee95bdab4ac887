import type { Clock, TimerId } from "../hal/clock.js";
import type { Radio } from "../hal/radio.js";
import type { MqttClient } from "../mqtt/client.js";

/** When a device is connected. */
export interface ConnectionRule {
  /** A connection is opened so often; 0 keeps it open for good. */
  readonly everyMs: number;
  /** It is closed when everything is delivered, or after this long. */
  readonly windowMs: number;
  /** While alarms wait, so often. */
  readonly alarmEveryMs: number;
}

/** How often an open connection is looked at. Two looks without work end it: answers have come by then. */
const LOOK_MS = 3000;

/** Opens and closes the connection by its rule: what the radio costs is the time between. */
export class ConnectionSchedule {
  private _isOpen = false;
  private _wasIdle = false;
  private _openedMs = 0;
  private _timer: TimerId = 0;

  /**
   * @param _radio switched with the connection
   * @param _isIdle true where the device is connected and nothing waits for the network
   * @param _hasAlarm true where an alarm does
   */
  constructor(
    private readonly _clock: Clock,
    private readonly _rule: ConnectionRule,
    private readonly _client: MqttClient,
    private readonly _radio: Radio | undefined,
    private readonly _isIdle: () => boolean,
    private readonly _hasAlarm: () => boolean,
  ) {}

  start(): void {
    this._open();
    this.look();
  }

  /** True while the device is to be connected. */
  isOpen(): boolean {
    return this._isOpen;
  }

  /** Opens or closes where it is time; to be called when an alarm may have come. */
  look(): void {
    const rule = this._rule;
    if (!rule.everyMs) return;
    const openMs = this._clock.nowMs() - this._openedMs;
    const pauseMs = this._hasAlarm() ? rule.alarmEveryMs : rule.everyMs;
    const idle = this._isIdle();
    if (!this._isOpen) {
      if (openMs >= pauseMs) this._open();
    } else if ((idle && this._wasIdle) || openMs >= rule.windowMs) {
      this._isOpen = false;
      this._client.stop();
      // DISCONNECT has left by then.
      this._clock.after(LOOK_MS, () => {
        if (this._radio && !this._isOpen) this._radio.off();
      });
    }
    this._wasIdle = idle;
    this._clock.cancel(this._timer);
    this._timer = this._clock.after(this._isOpen ? LOOK_MS : pauseMs - openMs, () => this.look());
  }

  private _open(): void {
    this._isOpen = true;
    this._openedMs = this._clock.nowMs();
    if (this._radio) {
      this._radio.on(() => {
        if (this._isOpen) this._client.start();
      });
    } else this._client.start();
  }
}
