import { beforeEach, describe, expect, it } from "vitest";
import { Kept, SleepState, Uplinked } from "../../lib/app/sleep-state.js";
import { ResetReason } from "../../lib/hal/power.js";
import { SleepDevice } from "./sleep-device.js";

const PPM = 60_000;
const SLEEP_MS = 300_000;

describe("what goes on over a deep sleep", () => {
  let device: SleepDevice;
  const boot = (cause: ResetReason, boots: number, isDelivered = false): SleepState =>
    new SleepState(device.boot(cause), device.settings(), PPM, boots, isDelivered);
  /** A cold boot that has run for 5 s and sleeps for five minutes. */
  const sleepOnce = (): void => {
    const state = boot(ResetReason.UNKNOWN, 7);
    device.clock.advance(5000);
    device.sleepClockMs = 5000;
    state.kept[Kept.TAKEN] = 3;
    state.kept[Kept.DUE] = 305_000;
    expect(state.keep(SLEEP_MS)).toBe(0);
  };

  beforeEach(() => {
    device = new SleepDevice();
  });

  it("the epoch, by the clock that runs in deep sleep, with an error that grows by its tolerance", () => {
    sleepOnce();
    device.sleepClockMs = 5000 + SLEEP_MS + 1200;
    const state = boot(ResetReason.TIMER_WAKE, 8);
    expect([state.woke, state.isClocked, state.uplinked[Uplinked.EPOCH]]).toEqual([true, true, 7]);
    expect(device.clock.nowMs()).toBe(306_200);
    expect(state.kept[Kept.ERROR]).toBe(SLEEP_MS * 0.06);
    expect([state.kept[Kept.TAKEN], state.kept[Kept.DUE]]).toEqual([3, 305_000]);
    expect(state.clockPpm()).toBe(PPM);
  });

  it("the epoch, by the planned sleep and a guess where no clock went on; the error says so", () => {
    sleepOnce();
    device.sleepClockMs = 900;
    const state = boot(ResetReason.TIMER_WAKE, 8);
    expect([state.woke, state.isClocked]).toEqual([true, false]);
    expect(device.clock.nowMs()).toBe(306_500);
    expect(state.kept[Kept.ERROR]).toBe(SLEEP_MS * 0.06 + 10_000);
    // 28 s in 306.5 s.
    expect(state.clockPpm()).toBe(91_354);
  });

  it.each([
    ResetReason.UNKNOWN,
    ResetReason.POWER_ON,
    ResetReason.BROWN_OUT,
    ResetReason.WATCHDOG,
    ResetReason.PIN_WAKE,
  ])("nothing after reset reason %i: a new epoch begins", (cause) => {
    sleepOnce();
    device.sleepClockMs = 5000 + SLEEP_MS + 1200;
    const state = boot(cause, 8);
    expect([state.woke, state.uplinked[Uplinked.EPOCH], state.kept[Kept.TAKEN]]).toEqual([false, 8, 0]);
    expect(device.clock.nowMs()).toBe(0);
    expect(state.uplinked[Uplinked.STATUS]).toBe(-Infinity);
  });

  it("nothing of the state of an earlier sleep, which the clock tells", () => {
    sleepOnce();
    device.sleepClockMs = 5000 + 2 * SLEEP_MS + 20_000;
    expect(boot(ResetReason.TIMER_WAKE, 8).woke).toBe(false);
  });

  it("a new epoch with the old schedule, once the error is a minute and everything is delivered", () => {
    for (const [isDelivered, epoch] of [
      [false, 7],
      [true, 9],
    ] as const) {
      device = new SleepDevice();
      sleepOnce();
      device.sleepClockMs += SLEEP_MS + 1000;
      const first = boot(ResetReason.TIMER_WAKE, 8);
      first.kept[Kept.ERROR] = 59_000;
      first.kept[Kept.DUE] = 600_000;
      first.uplinked[Uplinked.OPENED] = 2000;
      first.keep(SLEEP_MS);
      device.sleepClockMs += SLEEP_MS + 1000;
      const second = boot(ResetReason.TIMER_WAKE, 9, isDelivered);
      expect(second.uplinked[Uplinked.EPOCH]).toBe(epoch);
      // What is due stays as far away as it is.
      expect(second.kept[Kept.DUE]! - device.clock.nowMs()).toBe(600_000 - 607_000);
      expect(second.uplinked[Uplinked.OPENED]! - device.clock.nowMs()).toBe(2000 - 607_000);
      if (isDelivered) expect([second.kept[Kept.ERROR], device.clock.nowMs()]).toEqual([0, 0]);
    }
  });

  it("the old state or the new one where the power goes in any flash operation of a checkpoint", () => {
    const probe = new SleepDevice();
    device = probe;
    sleepOnce();
    for (let operation = 1; operation <= 4; operation++) {
      for (const bytes of [0, 1, 7, 20, 60]) {
        device = new SleepDevice();
        sleepOnce();
        device.sleepClockMs = 5000 + SLEEP_MS + 1200;
        const state = boot(ResetReason.TIMER_WAKE, 8);
        state.kept[Kept.TAKEN] = 4;
        state.uplinked[Uplinked.OPENED] = 99;
        device.flash.cutAt(operation, { kind: "prefix", bytes });
        try {
          state.keep(SLEEP_MS);
        } catch (_) {
          device.flash.restart();
        }
        device.flash.cutAt(0, { kind: "none" });
        // A device that lost its power does not wake by its timer; even so the numbers are whole.
        const kept = boot(ResetReason.TIMER_WAKE, 9).kept[Kept.TAKEN]!;
        expect([3, 4]).toContain(kept);
        expect(boot(ResetReason.POWER_ON, 9).kept[Kept.TAKEN]).toBe(0);
      }
    }
  });
});
