import { describe, expect, it } from "vitest";
import { boards, findBoard } from "../../../../boards/index.js";
import { accountEnergy } from "../../../../scripts/simulate/energy/account.js";
import { batteryDays } from "../../../../scripts/simulate/energy/battery-life.js";
import { chargePlot } from "../../../../scripts/simulate/energy/charge-plot.js";
import { addStates, DutyMeter } from "../../../../scripts/simulate/energy/duty-meter.js";
import { settingsWear } from "../../../../scripts/simulate/energy/settings-wear.js";

const NOTHING = { off: 0, sleep: 0, boot: 0, sense: 0, infer: 0, awake: 0, radio: 0 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe("the duty of a device", () => {
  it("gives each millisecond to one state, over midnight too", () => {
    const meter = new DutyMeter();
    meter.enter("boot", 1000);
    meter.enter("awake", 2200);
    meter.enter("sleep", 5000);
    // Earlier than the last change: as late as that.
    meter.enter("awake", DAY_MS + 100);
    meter.enter("radio", 50);
    meter.close(DAY_MS + 200);
    expect(meter.total()).toEqual({ ...NOTHING, off: 1000, boot: 1200, awake: 2800, sleep: DAY_MS - 4900, radio: 100 });
    expect(meter.days).toHaveLength(2);
    expect(meter.days[1]).toEqual({ ...NOTHING, sleep: 100, radio: 100 });
    expect(addStates(meter.days)).toEqual(meter.total());
  });
});

describe("the charge of a run", () => {
  const esp32 = findBoard("esp32")!;

  it("is what the board's figures say for each state, and the drivers' for each part", () => {
    const counts = { ms: { ...NOTHING, off: DAY_MS, sleep: HOUR_MS, radio: 60_000 }, samples: 100, bytesUp: 1000 };
    const account = accountEnergy(esp32, counts, [
      { part: "sht4x", on: "I2C1" },
      { part: "voltage", on: "D34", channel: "x", points: [] },
    ] as never);
    if (typeof account === "string") throw new Error(account);
    const hours = (milliamps: number, ms: number): number => (milliamps * ms) / HOUR_MS;
    const expected =
      hours(0.01, HOUR_MS) +
      hours(100, 60_000 - 16) +
      hours(240, 16) +
      hours(0.32, 690) +
      hours(0.00008, HOUR_MS + 60_000 - 690);
    expect(account.totalMilliampHours).toBeCloseTo(expected, 9);
    expect(account.averageMilliamps).toBeCloseTo((expected * HOUR_MS) / (HOUR_MS + 60_000), 9);
    expect(account.assumptions.join("; ")).toMatch(/counted as 0: voltage on D34/);
    expect(account.assumptions.join("; ")).toMatch(/ESP32 Series Datasheet v5.2, tables 4-2/);
  });

  it("is not told for a board whose figures nobody gives", () => {
    expect(accountEnergy(findBoard("pixljs")!, { ms: NOTHING, samples: 0, bytesUp: 0 }, [])).toMatch(/not known/);
  });

  it("has a source or a reason on every board, and every board that sleeps has pages of its own", () => {
    for (const { id, power, deepSleep, freeRegions } of boards) {
      expect(typeof power === "string" ? power : power.source, id).toMatch(/.{20}/);
      expect(typeof deepSleep === "string" ? deepSleep : deepSleep.source, id).toMatch(/.{20}/);
      if (typeof deepSleep !== "string") expect(freeRegions.length, id).toBeGreaterThan(0);
    }
  });

  it("empties a battery that loses some by itself", () => {
    expect(batteryDays({ milliampHours: 2400, selfDischargePerMonth: 0 }, 1)).toBe(100);
    // By small steps of an hour.
    let left = 2400;
    let hours = 0;
    for (; left > 0; hours++) left -= 0.1 + (left * 0.02) / 30.4 / 24;
    const days = batteryDays({ milliampHours: 2400, selfDischargePerMonth: 0.02 }, 0.1);
    expect(Math.abs(days - hours / 24)).toBeLessThan(1);
  });

  it("is drawn by state", () => {
    if (typeof esp32.power === "string") throw new Error("unreachable");
    const svg = chargePlot("x", esp32.power, [
      { ...NOTHING, sleep: DAY_MS },
      { ...NOTHING, sleep: DAY_MS, radio: HOUR_MS },
    ]);
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("radio");
    expect(svg).not.toContain("infer");
  });
});

describe("what sleep costs the settings' pages", () => {
  it("is bounded by the bytes of a wake", () => {
    const often = settingsWear(4, 5 * 60_000);
    expect(often.bytesPerWake).toBeGreaterThan(80);
    expect(often.bytesPerWake).toBeLessThan(130);
    const perYear = (often.bytesPerWake * 12 * 24 * 365) / 4096 / 2;
    expect(often.erasesPerPageAndYear).toBeCloseTo(perYear, 6);
    expect(100_000 / often.erasesPerPageAndYear).toBeGreaterThan(50);
  });
});
