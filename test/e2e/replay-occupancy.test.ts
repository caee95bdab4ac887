import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../boards/esp32.js";
import { DECISION_THRESHOLD } from "../../firmware/apps/occupancy/model/scaling.js";
import { buildApp, type BuiltApp } from "../../scripts/bundle/build-app.js";
import { findApp } from "../../scripts/bundle/find-app.js";
import { SqliteStore } from "../../scripts/fleet/store/sqlite-store.js";
import type { ResultRow } from "../../scripts/fleet/store/store.js";
import { findLinkProfile } from "../../scripts/simulate/link/profile.js";
import { planReadings, type ReadingsPlan } from "../../scripts/simulate/readings/plan.js";
import { readReplay } from "../../scripts/simulate/readings/replay.js";
import { runApp, type RunOutcome } from "../../scripts/simulate/run-app.js";
import type { Summary } from "../../scripts/simulate/show/summary.js";
import { shared, sharedPath } from "../support/shared.js";
import { built, sertao } from "./sertao-command.js";

const COLUMNS = {
  temperature: "Temperature",
  humidity: "Humidity",
  light: "Light",
  co2: "CO2",
  humidityRatio: "HumidityRatio",
};
const PERIOD_SEC = 60;

const recording = (name: string): string => sharedPath("data", "occupancy", name);

/** Part of the results that agree with the label of the row at their time. */
function accuracy(path: string, rows: readonly ResultRow[], timeOf: (row: ResultRow) => number): number {
  const replay = readReplay(path);
  const right = rows.filter(
    (row) => Number(row.value! >= DECISION_THRESHOLD) === replay.read("Occupancy", timeOf(row)),
  );
  return right.length / rows.length;
}

/** The plan, and the times at which the device read its sensors. */
function watched(plan: ReadingsPlan): { plan: ReadingsPlan; times: number[] } {
  const times: number[] = [];
  const readings = plan.readings(0);
  const read = (channel: string, timeMs: number): number | undefined => {
    if (channel === "temperature") times.push(timeMs);
    return readings.read(channel, timeMs);
  };
  return { plan: { ...plan, readings: () => ({ read }) }, times };
}

describe.skipIf(!shared)("the occupancy application over recorded days (needs ../shared)", () => {
  let app: BuiltApp;
  beforeAll(async () => {
    // Sizes have a test of their own.
    app = await buildApp(findApp("occupancy"), esp32, { ignoreBudgets: true });
  });

  async function replay(path: string): Promise<{ outcome: RunOutcome; rows: ResultRow[]; times: number[] }> {
    const store = SqliteStore.open(":memory:");
    try {
      const choice = { replay: path, map: new Map(Object.entries(COLUMNS)), seed: 1 };
      const { plan, times } = watched(planReadings(app.manifest, choice));
      const profile = findLinkProfile("perfect")!;
      const run = { board: esp32, app, profile, seed: 1, devices: 1, days: plan.days, plan, store };
      return { outcome: await runApp(run), rows: await store.results({}), times };
    } finally {
      await store.close();
    }
  }

  it.each([
    ["datatest.txt", 2664, 0.95],
    ["datatest2.txt", 9751, 0.9],
  ])("agrees with the labels of %s, result by result", async (name, results, least) => {
    const { outcome, rows, times } = await replay(recording(name));
    expect(outcome.tally).toMatchObject({ reported: results, delivered: results, lost: 0, duplicates: 0, crashes: 0 });
    // A result is of the sample taken so many periods after the first.
    expect(rows.map((row) => row.epochSec % PERIOD_SEC)).toEqual(rows.map(() => rows[0]!.epochSec));
    const share = accuracy(recording(name), rows, (row) => times[Math.floor(row.epochSec / PERIOD_SEC)]!);
    process.stdout.write(`${name}: ${(100 * share).toFixed(2)} % of ${rows.length} results agree with their labels\n`);
    expect(share).toBeGreaterThanOrEqual(least);
  });

  describe.skipIf(!built)("through the command line (needs dist, npm run build)", () => {
    const folder = mkdtempSync(join(tmpdir(), "sertao-replay-"));
    afterAll(() => rmSync(folder, { recursive: true }));

    it("simulates and lists results, each at its time", async ({ skip }) => {
      const path = recording("datatest.txt");
      const map = Object.entries(COLUMNS).map((pair) => pair.join("="));
      const replayed = ["--replay", path, "--map", map.join(","), "--link", "perfect", "--days", "1"];
      const run = await sertao(folder, ["simulate", "occupancy", ...replayed, "--json"]);
      // Sizes have a test of their own, which fails then.
      if (run.stderr.includes("BUNDLE_TOO_BIG")) skip("the bundle is above the board's budget");
      expect([run.status, run.stderr]).toEqual([0, expect.stringContaining("link up")]);
      const summary = JSON.parse(run.stdout) as Summary;
      expect(summary).toMatchObject({ delivered: summary.reported, lost: 0, days: 1 });
      expect(summary.reported).toBeGreaterThanOrEqual(1440);

      const list = await sertao(folder, ["fleet", "results", "--store", summary.storeFile!, "--json"]);
      const rows = JSON.parse(list.stdout) as ResultRow[];
      expect(rows).toHaveLength(summary.delivered);
      expect(new Set(rows.map((row) => row.name))).toEqual(new Set(["occupancy/occupied"]));
      expect(accuracy(path, rows, (row) => row.at)).toBeGreaterThanOrEqual(0.95);
    });
  });
});
