import type { Power } from "../../../lib/hal/power.js";
import { ResetReason } from "../../../lib/hal/power.js";

/** `ESP32.deepSleep` takes a signed 32-bit number of microseconds: 35 min 47 s at most. */
const MAX_SLEEP_MS = 2147483;
const WAKE_TIMER = 4;

/** Sleep and restart. Espruino tells a timer wake from other starts, and no more. */
export class EspruinoPower implements Power {
  readonly maxSleepMs = typeof ESP32 === "undefined" ? 0 : MAX_SLEEP_MS;
  private _measure: (() => number) | undefined;

  resetReason(): ResetReason {
    return typeof ESP32 !== "undefined" && ESP32.getWakeupCause() === WAKE_TIMER
      ? ResetReason.TIMER_WAKE
      : ResetReason.UNKNOWN;
  }

  deepSleep(durationMs: number): void {
    if (typeof ESP32 !== "undefined") ESP32.deepSleep(Math.min(durationMs, MAX_SLEEP_MS) * 1000);
  }

  /** `gettimeofday` of ESP-IDF, which the RTC carries through deep sleep (targets/esp32/jshardware.c). */
  sleepClockMs(): number {
    return getTime() * 1000;
  }

  restart(): void {
    E.reboot();
  }

  /** No board of this family measures its own supply: an application's divider does. */
  supplyMillivolts(): number {
    return this._measure ? this._measure() : 0;
  }

  measureSupply(millivolts: () => number): void {
    this._measure = millivolts;
  }
}
