import { describe, expect, it } from "vitest";
import { isHealthy, mustRest, restAndRestart } from "../../lib/app/boot-health.js";
import { ResetReason } from "../../lib/hal/power.js";
import { SleepDevice } from "./sleep-device.js";

const HOUR_MS = 3_600_000;

describe("boots that come to nothing", () => {
  const rests = (device: SleepDevice, cause = ResetReason.UNKNOWN): boolean =>
    mustRest(device.boot(cause), device.settings());

  it("are followed by a rest after five in a row", () => {
    const device = new SleepDevice();
    expect(Array.from({ length: 7 }, () => rests(device))).toEqual([false, false, false, false, false, true, true]);
  });

  it("are forgotten once one lasts ten minutes", () => {
    const device = new SleepDevice();
    for (let i = 0; i < 4; i++) rests(device);
    const settings = device.settings();
    expect(mustRest(device.boot(ResetReason.UNKNOWN), settings)).toBe(false);
    device.clock.advance(599_999);
    expect(rests(device)).toBe(true);
    isHealthy(device.settings());
    expect(mustRest(device.boot(ResetReason.UNKNOWN), device.settings())).toBe(false);
    device.clock.advance(600_000);
    expect(Array.from({ length: 6 }, () => rests(device))).toEqual([false, false, false, false, false, true]);
  });

  it("count no timer wake", () => {
    const device = new SleepDevice();
    for (let i = 0; i < 20; i++) expect(rests(device, ResetReason.TIMER_WAKE)).toBe(false);
  });

  it("are tried again after an hour, once", () => {
    const device = new SleepDevice();
    for (let i = 0; i < 6; i++) rests(device);
    restAndRestart(device.boot(ResetReason.UNKNOWN), device.settings());
    device.clock.advance(HOUR_MS - 1);
    expect(device.restarts).toBe(0);
    device.clock.advance(1);
    expect(device.restarts).toBe(1);
    expect([rests(device), rests(device)]).toEqual([false, true]);
  });
});
