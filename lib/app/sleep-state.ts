import type { ErrorCode } from "../core/error-code.js";
import type { Platform } from "../hal/platform.js";
import { ResetReason } from "../hal/power.js";
import { SettingKey } from "../settings/keys.js";
import type { Settings } from "../settings/settings.js";
import { keepNumbers, keptNumbers } from "./kept-numbers.js";

/** Numbers that are written before every sleep. Times are milliseconds of the epoch. */
export const enum Kept {
  /** The clock, and the sleep that is planned. */
  NOW,
  PLANNED,
  /** `Power.sleepClockMs`. */
  SLEEP_CLOCK,
  /** What the clock may be off by. */
  ERROR,
  TAKEN,
  WINDOW_LENGTH,
  DUE,
  COUNT,
}

/** Errors told in one status. */
export const MAX_KEPT_ERRORS = 8;

/** Numbers that change with connections and errors alone. */
export const enum Uplinked {
  EPOCH,
  OPENED,
  STATUS,
  SYNC_UNIX_SEC,
  SYNC_EPOCH_SEC,
  /** Codes of errors that no status has told, up to MAX_KEPT_ERRORS; zeros behind them. */
  ERRORS,
  COUNT = 13,
}

/** From the end of a sleep until the application runs: at most so long, and guessed where no clock tells. */
const MAX_BOOT_MS = 10000;
const GUESSED_BOOT_MS = 1500;
/** Once its clock may be off by more, an epoch ends as soon as all of its records are delivered. */
const MAX_ERROR_MS = 60000;

/** Clock and schedules of before a sleep, or those of a device that begins anew. */
export class SleepState {
  /** False after a cold boot, a brown-out or a cause that nobody knows: how long the device was off, nobody knows either. */
  readonly woke: boolean;
  /** The clock that runs in deep sleep was seen to do so. */
  readonly isClocked: boolean = false;
  /** What times of the epoch before are too great by, where this wake began a new one. */
  readonly shiftMs: number = 0;
  readonly kept: Float64Array;
  readonly uplinked: Float64Array;

  /**
   * Restores the state and lets the clock go on.
   * @param _ppm how far the clock that runs in deep sleep may be off, parts per million
   * @param boots names the epoch where one begins
   * @param isDelivered true where no record waits
   */
  constructor(
    private readonly _platform: Platform,
    private readonly _settings: Settings,
    private readonly _ppm: number,
    boots: number,
    isDelivered: boolean,
  ) {
    const kept = keptNumbers(_settings, SettingKey.SLEEP_STATE, Kept.COUNT);
    const uplinked = keptNumbers(_settings, SettingKey.SLEEP_SCHEDULE, Uplinked.COUNT);
    const plannedMs = kept[Kept.PLANNED]!;
    const slackMs = plannedMs * _ppm * 1e-6;
    const clockedMs = _platform.power.sleepClockMs() - kept[Kept.SLEEP_CLOCK]!;
    // More has passed than any sleep takes: that is the state of an earlier one. Without a state nothing compares.
    this.woke =
      _platform.power.resetReason() === ResetReason.TIMER_WAKE &&
      uplinked.length > 0 &&
      clockedMs <= plannedMs + slackMs + MAX_BOOT_MS;
    if (!this.woke) {
      this.kept = new Float64Array(Kept.COUNT);
      this.uplinked = new Float64Array(Uplinked.COUNT);
      this.uplinked[Uplinked.EPOCH] = boots;
      this.uplinked[Uplinked.STATUS] = -Infinity;
      return;
    }
    this.kept = kept;
    this.uplinked = uplinked;
    this.isClocked = clockedMs >= plannedMs - slackMs;
    kept[Kept.ERROR]! += slackMs + (this.isClocked ? 0 : MAX_BOOT_MS);
    const epochMs = kept[Kept.NOW]! + (this.isClocked ? clockedMs : plannedMs + GUESSED_BOOT_MS);
    if (kept[Kept.ERROR]! < MAX_ERROR_MS || !isDelivered) {
      _platform.clock.continueAt(epochMs);
      return;
    }
    const shiftMs = (this.shiftMs = epochMs - _platform.clock.nowMs());
    kept[Kept.ERROR] = 0;
    kept[Kept.DUE]! -= shiftMs;
    uplinked[Uplinked.EPOCH] = boots;
    uplinked[Uplinked.OPENED]! -= shiftMs;
    // The status of a new epoch says what its clock is worth.
    uplinked[Uplinked.STATUS] = -Infinity;
    uplinked[Uplinked.SYNC_UNIX_SEC] = 0;
  }

  /** The clock is off by at most so many parts per million of the epoch's age. */
  clockPpm(): number {
    const epochMs = this._platform.clock.nowMs();
    return epochMs > 0 ? Math.max(this._ppm, Math.ceil((this.kept[Kept.ERROR]! / epochMs) * 1e6)) : this._ppm;
  }

  /** Writes all of it, the clock last. */
  keep(plannedMs: number): ErrorCode {
    const kept = this.kept;
    kept[Kept.PLANNED] = plannedMs;
    const status = keepNumbers(this._settings, SettingKey.SLEEP_SCHEDULE, this.uplinked);
    kept[Kept.NOW] = this._platform.clock.nowMs();
    kept[Kept.SLEEP_CLOCK] = this._platform.power.sleepClockMs();
    return status || keepNumbers(this._settings, SettingKey.SLEEP_STATE, kept);
  }
}
