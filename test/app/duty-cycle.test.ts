import { describe, expect, it } from "vitest";
import { DutyCycle } from "../../lib/app/duty-cycle.js";
import type { DeviceMemory } from "../../lib/app/memory.js";
import { openFlashMemory } from "../../lib/app/flash-memory.js";
import type { AppDefinition } from "../../lib/app/define-app.js";
import type { SleepingParts } from "../../lib/app/sleeper.js";
import { ResetReason } from "../../lib/hal/power.js";
import { SampleWindow } from "../../lib/sensing/sample-window.js";
import type { Sensor } from "../../lib/sensing/sensor.js";
import { Sampler } from "../../lib/sensing/sampler.js";
import { ReportPolicy } from "../../lib/uplink/report-policy.js";
import { SleepDevice } from "./sleep-device.js";

const HOUR_MS = 3_600_000;
const BOOT_MS = 1000;

/** A device whose application measures every two hours and connects every six. */
class Station {
  readonly device = new SleepDevice();
  /** What the sensor measured, true milliseconds. */
  readonly measured: number[] = [];
  trueMs = 0;
  isOff = true;
  opened = 0;

  get app(): AppDefinition {
    const sensor: Sensor = {
      channels: [{ name: "t", unit: "Cel", min: -40, max: 60 }],
      start: () => 10,
      read: (into, at) => {
        this.measured.push(this.trueMs + this.device.clock.nowMs() - this.#bootedMs);
        into[at] = this.measured.length;
        return 0;
      },
      close: () => undefined,
    };
    return {
      samplePeriodMs: 2 * HOUR_MS,
      windowSamples: 4,
      inferEverySamples: 4,
      connection: { everyMs: 6 * HOUR_MS, windowMs: 60_000, alarmEveryMs: HOUR_MS },
      sensors: () => [sensor],
    } as unknown as AppDefinition;
  }

  #bootedMs = 0;
  cycle!: DutyCycle;
  parts!: SleepingParts;

  /** Boots after the last sleep, or cold. @returns true where the whole application was needed */
  boot(cause: ResetReason): boolean {
    const { device } = this;
    const slept = device.slept.at(-1) ?? 0;
    if (cause === ResetReason.TIMER_WAKE) {
      this.trueMs += slept + BOOT_MS;
      device.sleepClockMs += slept + BOOT_MS;
    } else device.sleepClockMs = BOOT_MS;
    const platform = device.boot(cause);
    const app = this.app;
    this.cycle = new DutyCycle(platform, app, openFlashMemory(device.flash, 7), 1000);
    this.#bootedMs = device.clock.nowMs();
    if (this.cycle.sampleOnly()) return false;
    const window = new SampleWindow(1, app.windowSamples);
    const sampler: Sampler = new Sampler(
      device.clock,
      app.sensors(platform),
      app.samplePeriodMs,
      (values) => {
        window.push(values);
        this.cycle.look();
      },
      () => undefined,
    );
    const schedule = {
      _openedMs: 0,
      isOff: () => this.isOff,
      start: () => void (schedule._openedMs = device.clock.nowMs()),
      look: () => {
        if (device.clock.nowMs() - schedule._openedMs >= app.connection.everyMs - 3000) {
          this.opened++;
          schedule._openedMs = device.clock.nowMs();
        }
      },
    };
    const uplink = { _errors: [], _statusMs: 0, noteError: () => undefined };
    this.parts = {
      sampler,
      window,
      policies: [new ReportPolicy({ always: true })],
      schedule,
      uplink,
      time: undefined,
    } as unknown as SleepingParts;
    this.cycle.begin(this.parts);
    return true;
  }

  /** Lets time pass until the device sleeps. */
  untilAsleep(): void {
    const before = this.device.slept.length;
    for (let i = 0; i < 1000 && this.device.slept.length === before; i++) {
      this.device.clock.advance(100);
      this.device.sleepClockMs += 100;
    }
    this.trueMs += this.device.clock.nowMs() - this.#bootedMs;
  }
}

describe("the duty cycle of a device that sleeps deeply", () => {
  it("sleeps longer than the engine can in steps, and measures when it is due", () => {
    const station = new Station();
    expect(station.boot(ResetReason.UNKNOWN)).toBe(true);
    station.untilAsleep();
    const whole: number[] = [];
    for (let wake = 1; wake <= 40; wake++) {
      if (station.boot(ResetReason.TIMER_WAKE)) whole.push(wake);
      if (station.device.slept.length === wake) station.untilAsleep();
    }
    expect(Math.max(...station.device.slept)).toBe(2_147_483);
    expect(station.measured.length).toBeGreaterThanOrEqual(7);
    station.measured.forEach((ms, index) => {
      expect(Math.abs(ms - station.measured[0]! - index * 2 * HOUR_MS)).toBeLessThan(3000);
    });
    // A connection every six hours, an inference at every fourth sample: no other wake starts the whole application.
    expect(whole.length).toBeLessThanOrEqual(station.opened + 2);
    expect(station.opened).toBeGreaterThanOrEqual(1);
    // At 1,000 ppm a clock may be off by a minute after 17 hours: one new epoch began, and no sample moved.
    expect(station.cycle.epoch).toBeGreaterThan(30);
  });

  it("gives the window back as it was", () => {
    const station = new Station();
    station.boot(ResetReason.UNKNOWN);
    station.untilAsleep();
    for (let wake = 1; station.measured.length < 3; wake++) {
      station.boot(ResetReason.TIMER_WAKE);
      if (station.device.slept.length === wake) station.untilAsleep();
    }
    // The fourth sample makes an inference.
    for (let wake = 0; wake < 9; wake++) if (station.boot(ResetReason.TIMER_WAKE)) break;
    const { window } = station.parts;
    expect([window.length, window.value(0, 0), window.value(0, 2)]).toEqual([3, 3, 1]);
  });

  it("stays awake while a connection is open or on its way out", () => {
    const station = new Station();
    station.isOff = false;
    station.boot(ResetReason.UNKNOWN);
    station.device.clock.advance(HOUR_MS);
    expect(station.device.slept).toEqual([]);
    station.isOff = true;
    station.device.clock.advance(1000);
    expect(station.device.slept).toHaveLength(1);
  });

  it("does not sleep where the clock could not be written, unless a clock tells the next boot", () => {
    const station = new Station();
    station.boot(ResetReason.UNKNOWN);
    const settings = station.device.flash;
    const { write } = settings;
    settings.write = () => {
      throw Object.assign(new Error("E407"), { code: 407 });
    };
    station.device.clock.advance(60_000);
    expect(station.device.slept).toEqual([]);
    settings.write = write;
  });

  it.each([
    [1, (s: Station) => ({ ...s.app, connection: { ...s.app.connection, everyMs: 0 } }), true],
    [2, (s: Station) => s.app, false],
  ])("refuses what cannot be: %i", (detail, app, hasPages) => {
    const station = new Station();
    const platform = station.device.boot(ResetReason.UNKNOWN);
    const memory = openFlashMemory(station.device.flash, 7);
    const given = hasPages ? memory : ({ ...memory, outbox: { volatile: true } } as DeviceMemory);
    expect(() => new DutyCycle(platform, app(station), given, 1000)).toThrow(
      expect.objectContaining({ code: 718, detail }) as Error,
    );
  });
});
