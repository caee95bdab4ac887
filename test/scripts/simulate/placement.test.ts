import { describe, expect, it } from "vitest";
import { readAppManifest } from "../../../scripts/bundle/app-manifest.js";
import { faultAt, faultyHours } from "../../../scripts/simulate/parts/fault-schedule.js";
import { placementsProblem } from "../../../scripts/simulate/parts/placement.js";

const HOUR_MS = 3_600_000;

describe("parts of a sertao.json", () => {
  it.each([
    [{}, /must be a list/],
    [["bme280"], /part 1 must be an object/],
    [[{ part: "bme281", on: "I2C1" }], /part 1 must have a "part" of bme280, sht4x/],
    [[{ part: "bme280" }], /part 1 must have "on"/],
    [
      [
        { part: "sht4x", on: "I2C1" },
        { part: "voltage", on: "D34", channel: "x" },
      ],
      /part 2 must have "points"/,
    ],
    [[{ part: "sht4x", on: "I2C1", adress: 68 }], /"adress", which is no field/],
    [[{ part: "sht4x", on: "I2C1", address: 0x80 }], /"address" that makes no sense/],
    [[{ part: "contact", on: "D27", channel: "rain", hzPerUnit: 0 }], /"hzPerUnit" that makes no sense/],
    [
      [{ part: "sht4x", on: "I2C1", faults: [{ fault: "gone", fromHour: 1, hours: 1 }] }],
      /"faults" that makes no sense/,
    ],
    [[{ part: "sht4x", on: "I2C1", faults: [{ fault: "nack", fromHour: 1 }] }], /"faults" that makes no sense/],
  ])("refuses %j", (value, problem) => {
    expect(placementsProblem(value)).toMatch(problem);
  });

  it("takes those of the fixtures", () => {
    for (const fixture of ["field-station", "buses"]) {
      expect(readAppManifest(`test/fixtures/${fixture}`).parts!.length).toBeGreaterThan(2);
    }
  });
});

describe("the schedule of faults", () => {
  const windows = [
    { fault: "nack" as const, fromHour: 10, hours: 2, everyHours: 24 },
    { fault: "stuck" as const, fromHour: 3, hours: 0.5 },
  ];

  it.each([
    [0, "none"],
    [3.25, "stuck"],
    [3.75, "none"],
    [9.99, "none"],
    [10, "nack"],
    [11.99, "nack"],
    [12, "none"],
    [27.25, "none"],
    [34.5, "nack"],
    [10 + 24 * 29, "nack"],
  ])("has at hour %d the fault %s", (hour, fault) => {
    expect(faultAt(windows, hour * HOUR_MS)).toBe(fault);
  });

  it("adds up", () => {
    expect(faultyHours(windows, 3)).toBe(6.5);
  });
});
