/** A boot, as far as its clock goes. */
interface Clocked {
  readonly startMs: number;
  readonly startSec: number;
}

const PPM = 1_000_000;

/**
 * What `getTime` of an ESP32 says from boot to boot: the RTC goes on through deep sleep, at a rate of its own, and times
 * the sleep as well. Every other start begins at 0.
 */
export class SleepClock {
  #sleptSec = 0;
  #readingSec = 0;
  #wakeMs = 0;
  readonly #rate: number;

  /** @param ppm above 0 where it is fast */
  constructor(ppm: number) {
    this.#rate = 1 + ppm / PPM;
  }

  /** The device goes to sleep for what its clock takes for `plannedMs`. @returns how long that truly is, milliseconds */
  sleep(plannedMs: number, nowMs: number, boot: Clocked): number {
    this.#readingSec = boot.startSec + (nowMs - boot.startMs) / 1000;
    this.#sleptSec = plannedMs / 1000;
    const trueMs = plannedMs / this.#rate;
    this.#wakeMs = nowMs + trueMs;
    return trueMs;
  }

  /** What the clock says when the application starts, seconds. @param bootMs since power or wake-up */
  startBoot(isWake: boolean, nowMs: number, bootMs: number): number {
    if (!isWake) return 0;
    const bootedMs = Math.max(bootMs, nowMs - this.#wakeMs);
    return this.#readingSec + this.#sleptSec + bootedMs / 1000;
  }
}
