import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { faultyHours } from "../../../scripts/simulate/parts/fault-schedule.js";
import type { PartPlacement } from "../../../scripts/simulate/parts/placement.js";
import { planReadings } from "../../../scripts/simulate/readings/plan.js";
import { runApp, type RunOutcome } from "../../../scripts/simulate/run-app.js";
import type { Simulation } from "../../../scripts/simulate/simulation.js";

const SEED = 1;
const PERIOD_HOURS = 1 / 12;

let app: BuiltApp;
beforeAll(async () => {
  // Sizes have a test of their own.
  app = await buildApp("test/fixtures/field-station", esp32, { ignoreBudgets: true });
});

interface StationRun {
  readonly outcome: RunOutcome;
  /** Failed readings by sensor. */
  readonly failed: ReadonlyMap<string, number>;
}

async function run(days: number, parts: readonly PartPlacement[] = app.manifest.parts!): Promise<StationRun> {
  const store = SqliteStore.open(":memory:");
  let simulation: Simulation | undefined;
  let failed: ReadonlyMap<string, number> = new Map();
  try {
    const outcome = await runApp({
      board: esp32,
      app: { ...app, manifest: { parts } },
      profile: findLinkProfile("perfect")!,
      plan: planReadings(app.manifest, { days, seed: SEED }),
      store,
      seed: SEED,
      devices: 1,
      days,
      started: (started) => (simulation = started),
      finished: async () => {
        failed = simulation!.devices[0]!.counters.failedReads;
      },
    });
    return { outcome, failed };
  } finally {
    await store.close();
  }
}

describe("an application with three sensors on simulated buses", () => {
  it("goes on while two of them fail by turns, and accounts for every sample and reading", async () => {
    const days = 4;
    const { outcome, failed } = await run(days);
    const { tally } = outcome;
    const [sht4x, , radiometer] = app.manifest.parts!;
    // The run goes on a little until the last result has arrived.
    const due = Math.floor(outcome.finishedMs / 3_600_000 / PERIOD_HOURS);
    expect(tally.samples + tally.missed).toBeGreaterThanOrEqual(due - 1);
    expect(tally.samples + tally.missed).toBeLessThanOrEqual(due + 1);
    expect([...failed.keys()]).toEqual(["0 airTemperature", "1 windSpeed", "2 radiation"]);
    const expected = (part: PartPlacement): number => faultyHours(part.faults!, days) / PERIOD_HOURS;
    // Each fault begins and ends somewhere between two samples.
    expect(Math.abs(failed.get("0 airTemperature")! - expected(sht4x!))).toBeLessThanOrEqual(4);
    expect(Math.abs(failed.get("2 radiation")! - expected(radiometer!))).toBeLessThanOrEqual(4);
    // Counting had just begun in the first sample.
    expect(failed.get("1 windSpeed")).toBe(1);
    expect(tally.failedReads).toBe([...failed.values()].reduce((sum, count) => sum + count, 0));
    // A stuck bus holds the device for two seconds at most: no period is missed by that, and it is no crash.
    expect(tally).toMatchObject({ missed: 0, crashes: 0, boots: 1, lost: 0, waiting: 0 });
    expect(tally.maxLateMs).toBeLessThan(5);
    expect(tally.reported).toBeGreaterThan(20);
  });

  it("infers as often as all sensors have values, and no less", async () => {
    const whole = app.manifest.parts!.map((part) => ({ ...part, faults: [] }));
    const faultless = await run(2, whole);
    const { outcome, failed } = await run(2);
    expect([...faultless.failed]).toEqual([["1 windSpeed", 1]]);
    expect(faultless.outcome.tally.inferences).toBeGreaterThan(260);
    const without = (failed.get("0 airTemperature")! + failed.get("2 radiation")!) / 2;
    expect(outcome.tally.inferences).toBeLessThan(faultless.outcome.tally.inferences - without / 2);
    expect(outcome.tally.inferences).toBeGreaterThan(50);
  });
});
