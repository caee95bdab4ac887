import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import type { ResultRow } from "../../../scripts/fleet/store/store.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { faultyHours } from "../../../scripts/simulate/parts/fault-schedule.js";
import { planReadings } from "../../../scripts/simulate/readings/plan.js";
import { runApp, type RunOptions, type RunOutcome } from "../../../scripts/simulate/run-app.js";
import type { Simulation } from "../../../scripts/simulate/simulation.js";
import { Trace } from "../../../scripts/simulate/trace.js";

const SEED = 1;
const HOUR_MS = 3_600_000;
const PERIOD_MS = 15 * 60_000;
const BOOT_MS = 1200;
const INFERENCE_MS = 12;
/** A stuck bus blocks the engine for half a second in some thirty samples of thirty days: the trace does not see that. */
const STUCK_MS = 30_000;

let app: BuiltApp;
beforeAll(async () => {
  // Sizes have a test of their own.
  app = await buildApp("test/fixtures/sleeping-station", esp32, { ignoreBudgets: true });
});

interface StationRun {
  readonly outcome: RunOutcome;
  readonly trace: readonly string[];
  readonly failed: ReadonlyMap<string, number>;
  readonly results: readonly ResultRow[];
  /** True times at which records were made, in their order. */
  readonly madeMs: readonly number[];
}

async function run(days: number, options: Partial<RunOptions>): Promise<StationRun> {
  const store = SqliteStore.open(":memory:");
  const folder = mkdtempSync(join(tmpdir(), "sertao-"));
  const file = join(folder, "trace");
  const trace = new Trace(file);
  const plan = planReadings(app.manifest, { days, seed: SEED });
  const madeMs: number[] = [];
  let simulation: Simulation | undefined;
  let failed: ReadonlyMap<string, number> = new Map();
  try {
    const outcome = await runApp({
      board: esp32,
      app,
      profile: findLinkProfile("perfect")!,
      plan,
      store,
      seed: SEED,
      devices: 1,
      days,
      inferenceMs: INFERENCE_MS,
      trace,
      started: (started) => {
        simulation = started;
        const { counters } = started.devices[0]!;
        const observe = counters.observe.bind(counters);
        counters.observe = (name, value) => {
          const before = counters.reported;
          observe(name, value);
          if (name === "reported" && counters.reported > before) madeMs.push(plan.startMs + started.nowMs);
        };
      },
      finished: async () => {
        failed = simulation!.devices[0]!.counters.failedReads;
      },
      ...options,
    });
    trace.close();
    return { outcome, trace: readFileSync(file, "utf8").split("\n"), failed, results: await store.results({}), madeMs };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds between the boots and ends of the trace, by nobody's account but the trace's. */
function timesOf(trace: readonly string[], finishedMs: number): { boots: number; awakeMs: number; asleepMs: number } {
  let boots = 0;
  let awakeMs = 0;
  let asleepMs = 0;
  let bootedMs: number | undefined;
  let leftMs: number | undefined;
  for (const line of trace) {
    const [, at, what] = /^([\d.]+) d1 (boot|end) /.exec(line) ?? [];
    if (at === undefined) continue;
    const ms = Number(at);
    if (what === "boot") {
      boots++;
      if (leftMs !== undefined) asleepMs += ms - BOOT_MS - leftMs;
      bootedMs = ms;
      leftMs = undefined;
    } else if (bootedMs !== undefined) {
      awakeMs += ms - bootedMs;
      leftMs = ms;
      bootedMs = undefined;
    }
  }
  if (leftMs !== undefined) asleepMs += finishedMs - leftMs;
  if (bootedMs !== undefined) awakeMs += finishedMs - bootedMs;
  return { boots, awakeMs, asleepMs };
}

describe("an application that sleeps between samples, on three sensors of which two fail by turns", () => {
  it("runs thirty days, and accounts for every sample and every milliampere-hour", { timeout: 300_000 }, async () => {
    const days = 30;
    const { outcome, trace, failed } = await run(days, { sleepClockPpm: 0 });
    const { tally, energy, finishedMs } = outcome;
    if (typeof energy === "string") throw new Error(energy);
    expect(tally).toMatchObject({ crashes: 0, lost: 0, waiting: 0, evicted: 0, conflicts: 0 });
    expect(tally.boots).toBeGreaterThanOrEqual(tally.samples);

    // Samples: one is due at the first boot, and one in each period since. Every one was taken or is told as missed.
    const due = Math.floor((finishedMs - BOOT_MS) / PERIOD_MS) + 1;
    expect(tally.samples + tally.missed).toBe(due);
    expect(tally.missed).toBe(0);
    expect([...failed.keys()]).toEqual(["0 airTemperature", "2 radiation"]);
    const [sht4x, , radiometer] = app.manifest.parts!;
    const faulty = (part: typeof sht4x): number => (faultyHours(part!.faults!, days) * HOUR_MS) / PERIOD_MS;
    // A fault begins and ends somewhere between two samples.
    expect(Math.abs(failed.get("0 airTemperature")! - faulty(sht4x))).toBeLessThanOrEqual(days);
    expect(Math.abs(failed.get("2 radiation")! - faulty(radiometer))).toBeLessThanOrEqual(days);
    expect(tally.failedReads).toBe([...failed.values()].reduce((sum, count) => sum + count, 0));

    // Time: each millisecond has its state, and the trace says the same.
    const ms = (what: string): number => energy.entries.find((entry) => entry.what === what)!.ms;
    const radioMs = ms("radio, listening") + ms("radio, sending");
    const times = timesOf(trace, finishedMs);
    expect(ms("boot")).toBeCloseTo(times.boots * BOOT_MS, -1);
    expect(Math.abs(ms("sleep") - times.asleepMs)).toBeLessThan(STUCK_MS);
    const awakeMs = ms("awake") + ms("sense") + ms("infer") + radioMs;
    expect(Math.abs(awakeMs - times.awakeMs)).toBeLessThan(STUCK_MS);
    expect(ms("sleep") + ms("boot") + awakeMs).toBeCloseTo(finishedMs, 0);
    expect(ms("infer") + radioMs).toBeGreaterThanOrEqual(tally.inferences * INFERENCE_MS);
    // Four connections a day of a few seconds each.
    expect(radioMs / days).toBeGreaterThan(4 * 4000);
    expect(radioMs / days).toBeLessThan(24 * 60_000);

    // Charge: by hand, from the datasheets' figures.
    const sentMs = (tally.bytesUp * 8 * 2) / 1000;
    const milliampMs =
      ms("sleep") * 0.01 +
      (ms("boot") + ms("sense") + ms("infer") + ms("awake")) * 68 +
      (radioMs - sentMs) * 100 +
      sentMs * 240 +
      tally.samples * 6.9 * 0.32 +
      (finishedMs - tally.samples * 6.9) * 0.00008;
    expect(energy.totalMilliampHours).toBeCloseTo(milliampMs / HOUR_MS, 3);
    const sum = energy.entries.reduce((total, { milliampHours }) => total + milliampHours, 0);
    expect(energy.totalMilliampHours).toBeCloseTo(sum, 9);
    // Awake it would have taken 1,600 mAh a day.
    expect(sum / days).toBeLessThan(20);
  });

  it.each([-20_000, 30_000])(
    "tells times within its bounds with a clock that is off by %i ppm",
    async (sleepClockPpm) => {
      const { outcome, results, madeMs } = await run(6, { sleepClockPpm, profile: findLinkProfile("rural")!, seed: 3 });
      expect(outcome.tally).toMatchObject({ lost: 0, waiting: 0, conflicts: 0, crashes: 0 });
      const inOrder = results.toSorted((a, b) => a.sequence - b.sequence);
      expect(inOrder.length).toBe(madeMs.length);
      expect(inOrder.length).toBeGreaterThan(12);
      inOrder.forEach((row, index) => {
        const trueMs = madeMs[index]!;
        // Records carry whole seconds.
        expect(row.at, `record ${row.sequence}`).toBeGreaterThanOrEqual(trueMs - 1000);
        // And no bound that anything would fit.
        expect(row.at - trueMs, `record ${row.sequence}`).toBeLessThan(2 * HOUR_MS);
        if (row.earliest !== null) expect(row.earliest, `record ${row.sequence}`).toBeLessThanOrEqual(trueMs + 1000);
      });
    },
  );

  it("loses nothing where its power is cut, asleep, awake and in flash writes", { timeout: 120_000 }, async () => {
    const { outcome, results } = await run(10, { powerCuts: 40, profile: findLinkProfile("rural")!, seed: 5 });
    const { tally } = outcome;
    expect(tally.powerCuts).toBeGreaterThan(30);
    expect(tally).toMatchObject({ lost: 0, waiting: 0, conflicts: 0, crashes: 0 });
    expect(tally.reported).toBeGreaterThan(20);
    // Each cold boot is an epoch of its own, and no timer wake is.
    expect(new Set(results.map(({ epoch }) => epoch)).size).toBeGreaterThan(10);
    for (const { earliest, at } of results) if (earliest !== null) expect(earliest).toBeLessThanOrEqual(at + 1000);
  });

  it("boots once for each sample", async () => {
    const { outcome, trace } = await run(0.5, { sleepClockPpm: 0 });
    expect(outcome.tally.samples).toBeGreaterThan(45);
    expect(trace.filter((line) => / d1 boot \d+ cause 4/.test(line)).length).toBeGreaterThanOrEqual(
      outcome.tally.samples - 1,
    );
  });
});
