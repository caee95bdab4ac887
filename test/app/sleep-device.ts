import { esp32 } from "../../boards/esp32.js";
import type { EpochClock } from "../../lib/hal/clock.js";
import type { Platform } from "../../lib/hal/platform.js";
import { ResetReason } from "../../lib/hal/power.js";
import { FlashPages } from "../../lib/flash/flash-pages.js";
import { FlashSettings } from "../../lib/settings/flash-settings.js";
import { boardFlash } from "../../scripts/simulate/device/flash-address.js";
import { SimulatedFiles } from "../../scripts/simulate/flash/simulated-files.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { VirtualClock } from "../support/virtual-clock.js";

/** The clock of one boot, over the true time. */
export class BootClock extends VirtualClock implements EpochClock {
  #shiftMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.#shiftMs;
  }

  continueAt(epochMs: number): void {
    this.#shiftMs = epochMs - super.nowMs();
  }
}

/** What a device that sleeps keeps between boots, for tests: its flash, and the clock that goes on in deep sleep. */
export class SleepDevice {
  readonly flash = boardFlash(esp32)!;
  readonly files = new SimulatedFiles(
    new SimulatedFlash({ pageBytes: 4096, pageCount: 4, writeUnitBytes: 4, rewritesPerWord: 32 }),
  );
  cause: ResetReason = ResetReason.UNKNOWN;
  /** What `Power.sleepClockMs` says; NaN-free, set by the test. */
  sleepClockMs = 0;
  /** Sleeps that were asked for, milliseconds. */
  readonly slept: number[] = [];
  restarts = 0;
  clock = new BootClock();

  settings(): FlashSettings {
    return new FlashSettings(new FlashPages(this.flash));
  }

  /** A boot: its clock begins at 0. */
  boot(cause: ResetReason): Platform {
    this.cause = cause;
    this.clock = new BootClock();
    return {
      clock: this.clock,
      power: {
        maxSleepMs: 2_147_483,
        resetReason: () => this.cause,
        sleepClockMs: () => this.sleepClockMs,
        deepSleep: (ms: number) => void this.slept.push(ms),
        restart: () => void this.restarts++,
      },
      observe: () => undefined,
    } as unknown as Platform;
  }
}
