import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { findApp } from "../../../scripts/bundle/find-app.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { planReadings } from "../../../scripts/simulate/readings/plan.js";
import { runApp, type RunOptions, type RunOutcome } from "../../../scripts/simulate/run-app.js";
import { runSeed } from "../../../scripts/simulate/seeds.js";
import type { Simulation } from "../../../scripts/simulate/simulation.js";

let app: BuiltApp;
beforeAll(async () => {
  // Sizes have a test of their own.
  app = await buildApp(findApp("orchard-frost"), esp32, { ignoreBudgets: true });
});

async function run(options: Partial<RunOptions> & { seed: number }): Promise<RunOutcome> {
  const store = SqliteStore.open(":memory:");
  try {
    const days = options.days ?? 1;
    const plan = planReadings(app.manifest, { days, seed: options.seed });
    const profile = findLinkProfile("flaky")!;
    return await runApp({ board: esp32, app, profile, devices: 1, days, plan, store, ...options });
  } finally {
    await store.close();
  }
}

describe("a simulated run of the demo application", () => {
  it("is the same twice for one seed, and another for another", async () => {
    const first = await run({ seed: 5, devices: 2, days: 0.5 });
    expect((await run({ seed: 5, devices: 2, days: 0.5 })).traceHash).toBe(first.traceHash);
    expect((await run({ seed: 6, devices: 2, days: 0.5 })).traceHash).not.toBe(first.traceHash);
  });

  it.each([1, 2, 3])("loses nothing and stores nothing twice in four days of a rural link, seed %i", async (seed) => {
    const result = await runSeed(app, { board: "esp32", days: 4, link: "rural" }, seed);
    expect(result.isClean, JSON.stringify(result.tally)).toBe(true);
    expect(result.tally.reported).toBeGreaterThan(50);
    expect(result.tally.samples).toBeGreaterThanOrEqual(1152);
  });

  it("keeps all results through a link that is dead until the end", async () => {
    const outcome = await run({ seed: 4, days: 2, profile: findLinkProfile("dead")! });
    expect(outcome.tally).toMatchObject({ lost: 0, waiting: 0, crashes: 0, conflicts: 0 });
    expect(outcome.tally.delivered).toBe(outcome.tally.reported);
  });

  it.each([1, 2])("loses nothing to power cuts, in flash writes too, seed %i", async (seed) => {
    const outcome = await run({ seed, days: 2, profile: findLinkProfile("rural")!, powerCuts: 20 });
    const { tally } = outcome;
    expect(tally).toMatchObject({ lost: 0, waiting: 0, crashes: 0, conflicts: 0, evicted: 0 });
    expect(tally.delivered).toBeGreaterThanOrEqual(tally.reported);
    expect([tally.powerCuts, tally.boots]).toEqual([expect.any(Number), tally.powerCuts + 1]);
    expect(tally.powerCuts).toBeGreaterThan(10);
  });

  it("reports as lost what a store forgets", async () => {
    const store = SqliteStore.open(":memory:");
    const plan = planReadings(app.manifest, { days: 0.3, seed: 1 });
    const profile = findLinkProfile("perfect")!;
    let simulation: Simulation | undefined;
    const outcome = await runApp({
      board: esp32,
      app,
      profile,
      plan,
      store,
      seed: 1,
      devices: 1,
      days: 0.3,
      started: (run) => (simulation = run),
      // The device believes that it reported one result more than it ever sent.
      finished: async () =>
        simulation!.devices[0]!.counters.observe("reported", 1 + simulation!.devices[0]!.counters.reported),
    });
    await store.close();
    expect(outcome.tally.lost).toBe(1);
  });

  it("counts a bundle that throws at once as crashed", async () => {
    const outcome = await run({ seed: 1, days: 0.01, app: { code: "throw new Error('no');" } });
    expect(outcome.tally.crashes).toBe(1);
    expect(outcome.lastCrash).toContain("no");
  });

  it("counts an application that cannot start as crashed", async () => {
    const outcome = await run({ seed: 1, days: 0.01, app: { code: app.code } });
    expect(outcome.lastCrash).toBe("cannot start: E704:0");
  });
});
