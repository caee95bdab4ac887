import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Platform } from "../hal/platform.js";
import type { Outbox } from "../outbox/outbox.js";
import { Priority } from "../outbox/outbox.js";
import { countChannels, Sampler } from "../sensing/sampler.js";
import type { Settings } from "../settings/settings.js";
import { isHealthy } from "./boot-health.js";
import type { AppDefinition } from "./define-app.js";
import type { DeviceMemory } from "./memory.js";
import { observeSample } from "./observe-sample.js";
import { keepReports, restoreReports } from "./sleep-reports.js";
import { Kept, MAX_KEPT_ERRORS, SleepState, Uplinked } from "./sleep-state.js";
import { fitsSettings, keepSample, keepWindow, restoreWindow } from "./sleep-window.js";
import type { Sleeper, SleepingParts } from "./sleeper.js";

/** Shorter sleeps are not worth the boot. */
const MIN_SLEEP_MS = 3000;
/** The device wakes this long before what it wakes for: the engine starts meanwhile. */
const AHEAD_MS = 1500;
/** Whether it may sleep is looked at so often, while something is under way. */
const LOOK_MS = 1000;

/**
 * Deep sleep between samples (docs/power.md). The engine starts anew on waking, so whatever must go on is in the
 * settings: clock and planned sleep, window, reports, and when the next sample and the next connection are due.
 */
export class DutyCycle implements Sleeper {
  readonly epoch: number;
  readonly clockPpm: number;
  readonly takenBefore: number;
  private readonly _settings: Settings;
  private readonly _outbox: Outbox;
  private readonly _state: SleepState;
  private _parts: SleepingParts | undefined;
  private _errors: ErrorCode[] = [];
  private _looks = false;

  /** @param ppm how far the clock that runs in deep sleep may be off, parts per million */
  constructor(
    private readonly _platform: Platform,
    private readonly _app: AppDefinition,
    memory: DeviceMemory,
    ppm: number,
  ) {
    const settings = memory.settings;
    const lack = !_app.connection.everyMs ? 1 : memory.outbox.volatile ? 2 : !_platform.power.maxSleepMs ? 4 : 0;
    if (lack) throw new DeviceError(ErrorCode.SLEEP_IMPOSSIBLE, lack);
    this._settings = settings;
    const outbox = (this._outbox = memory.outbox);
    const isDelivered = outbox.waiting(Priority.NORMAL) + outbox.waiting(Priority.ALARM) === 0;
    const state = (this._state = new SleepState(_platform, settings, ppm, memory.boots, isDelivered));
    this.epoch = state.uplinked[Uplinked.EPOCH]!;
    this.clockPpm = state.clockPpm();
    this.takenBefore = state.kept[Kept.TAKEN]!;
    for (let at: number = Uplinked.ERRORS; state.uplinked[at]; at++) this._errors.push(state.uplinked[at]!);
  }

  sampleOnly(): boolean {
    const app = this._app;
    const kept = this._state.kept;
    const now = this._platform.clock.nowMs();
    const dueMs = kept[Kept.DUE]!;
    if (!this._state.woke || this._nextConnectionMs() - now < MIN_SLEEP_MS) return false;
    // The rest of a sleep that takes more than one step.
    if (dueMs - now >= MIN_SLEEP_MS + AHEAD_MS && this._sleep(dueMs, MIN_SLEEP_MS)) return true;
    const taken = this.takenBefore + 1;
    const length = Math.min(kept[Kept.WINDOW_LENGTH]! + 1, app.windowSamples);
    if (length === app.windowSamples && taken % app.inferEverySamples === 0) return false;
    const sensors = app.sensors(this._platform);
    if (!fitsSettings(countChannels(sensors), app.windowSamples)) return false;
    const sampler: Sampler = new Sampler(
      this._platform.clock,
      sensors,
      app.samplePeriodMs,
      (values) => {
        observeSample(this._platform, sampler);
        sampler.stop();
        const status = keepSample(this._settings, taken, app.windowSamples, values);
        this._note(status);
        if (!status) {
          kept[Kept.TAKEN] = taken;
          kept[Kept.WINDOW_LENGTH] = length;
        }
        // Whatever is due soon is for the next boot. Where nothing can be kept, that one begins anew.
        if (!this._sleep(sampler._dueMs, 1)) this._platform.power.restart();
      },
      (code) => this._note(code),
    );
    sampler.start(dueMs);
    return true;
  }

  begin(parts: SleepingParts): void {
    const { kept, uplinked, woke, shiftMs } = this._state;
    const window = parts.window;
    this._parts = parts;
    if (!fitsSettings(window.channels, window.capacity)) throw new DeviceError(ErrorCode.SLEEP_IMPOSSIBLE, 3);
    parts.uplink._errors = this._errors;
    if (woke) {
      restoreWindow(this._settings, this.takenBefore, window, kept[Kept.WINDOW_LENGTH]!);
      restoreReports(this._settings, parts.policies, shiftMs);
      parts.uplink._statusMs = uplinked[Uplinked.STATUS]!;
      const syncedSec = uplinked[Uplinked.SYNC_UNIX_SEC]!;
      if (parts.time && syncedSec) parts.time.syncedAt = [syncedSec, uplinked[Uplinked.SYNC_EPOCH_SEC]!];
      parts.schedule._openedMs = uplinked[Uplinked.OPENED]!;
      parts.schedule.look();
    } else parts.schedule.start();
    parts.sampler.start(woke ? kept[Kept.DUE]! : this._platform.clock.nowMs());
    this.look();
  }

  look(): void {
    const parts = this._parts;
    if (!parts || this._looks) return;
    if (parts.schedule.isOff() && !parts.sampler._busy && this._keep(parts)) {
      if (this._sleep(parts.sampler._dueMs, MIN_SLEEP_MS)) return;
    }
    this._looks = true;
    this._platform.clock.after(LOOK_MS, () => {
      this._looks = false;
      this.look();
    });
  }

  /** Writes the window and the reports; false where the flash refuses. */
  private _keep(parts: SleepingParts): boolean {
    const { kept, uplinked } = this._state;
    const { sampler, window, uplink, time } = parts;
    const taken = this.takenBefore + sampler.taken;
    if (sampler._dueMs - this._platform.clock.nowMs() < MIN_SLEEP_MS + AHEAD_MS) return false;
    const status =
      keepWindow(this._settings, taken, window, taken - kept[Kept.TAKEN]!) ||
      keepReports(this._settings, parts.policies);
    uplink.noteError(status);
    kept[Kept.TAKEN] = taken;
    kept[Kept.WINDOW_LENGTH] = window.length;
    uplinked[Uplinked.OPENED] = parts.schedule._openedMs;
    uplinked[Uplinked.STATUS] = uplink._statusMs;
    if (time && time.syncedAt.length) {
      uplinked[Uplinked.SYNC_UNIX_SEC] = time.syncedAt[0]!;
      uplinked[Uplinked.SYNC_EPOCH_SEC] = time.syncedAt[1]!;
    }
    this._errors = uplink._errors;
    return !status;
  }

  /** Sleeps until a sample or connection is due, if that is `leastMs` away. Returns where it may not. */
  private _sleep(dueMs: number, leastMs: number): boolean {
    const power = this._platform.power;
    const { kept, uplinked } = this._state;
    const wakeMs = Math.min(dueMs, this._nextConnectionMs()) - AHEAD_MS;
    const sleepMs = wakeMs - this._platform.clock.nowMs();
    if (sleepMs < leastMs && leastMs > 1) return false;
    const plannedMs = Math.floor(Math.min(Math.max(sleepMs, leastMs), power.maxSleepMs));
    kept[Kept.DUE] = dueMs;
    for (let i = 0; i < MAX_KEPT_ERRORS; i++) uplinked[Uplinked.ERRORS + i] = this._errors[i] || 0;
    // A boot that woke and comes to its end is a good one; of a first one nobody knows yet whether it wakes.
    if (this._state.woke) isHealthy(this._settings);
    const status = this._state.keep(plannedMs);
    this._note(status);
    // The clock tells the next boot that the state it finds is an old one.
    if (status && !this._state.isClocked) return false;
    if (this._parts) this._parts.sampler.stop();
    power.deepSleep(plannedMs);
    return true;
  }

  private _nextConnectionMs(): number {
    const { alarmEveryMs, everyMs } = this._app.connection;
    const openedMs = this._parts ? this._parts.schedule._openedMs : this._state.uplinked[Uplinked.OPENED]!;
    return openedMs + (this._outbox.waiting(Priority.ALARM) > 0 ? alarmEveryMs : everyMs);
  }

  private _note(code: ErrorCode): void {
    const errors = this._errors;
    if (code && errors.indexOf(code) < 0 && errors.length < MAX_KEPT_ERRORS) errors.push(code);
  }
}
