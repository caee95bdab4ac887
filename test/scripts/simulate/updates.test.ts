import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { PackHeader } from "../../../lib/nn/pack-format.js";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { findApp } from "../../../scripts/bundle/find-app.js";
import { inFolder } from "../../../scripts/engine/run-command.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import type { ResultRow } from "../../../scripts/fleet/store/store.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { encodeConfiguration } from "../../../scripts/provision/configuration.js";
import { planReadings } from "../../../scripts/simulate/readings/plan.js";
import { runApp, type RunOptions, type RunOutcome } from "../../../scripts/simulate/run-app.js";
import { seedStream } from "../../../scripts/simulate/seed-stream.js";
import { BROKEN, planUpdate } from "../../../scripts/simulate/updates/planned-update.js";
import { SimulatedSigner } from "../../../scripts/simulate/updates/simulated-signer.js";
import { UpdatePlan } from "../../../scripts/simulate/updates/update-plan.js";

const DAYS = 4;
const folder = findApp("orchard-frost");
const RETRAINED = join(folder, "retrained/model.tflite");
let app: BuiltApp;
beforeAll(async () => {
  // Sizes have a test of their own.
  app = await buildApp(folder, esp32, { ignoreBudgets: true });
});

/** Days over a rural link, with updates from the half of it on: a retrained model and a broken one. */
async function run(
  seed: number,
  options: Partial<RunOptions> = {},
  files = [RETRAINED, BROKEN],
): Promise<RunOutcome & { rows: ResultRow[] }> {
  const store = SqliteStore.open(":memory:");
  try {
    const plan = planReadings(app.manifest, { days: DAYS, seed });
    const planned = files.map((name, i) => planUpdate(name, folder, esp32, i + 2));
    const updates = new UpdatePlan(planned, new SimulatedSigner(seedStream(seed, "update key")), plan.startMs);
    const profile = findLinkProfile("rural")!;
    const common = { board: esp32, app, profile, devices: 1, days: DAYS, plan, store, seed, updates };
    const outcome = await runApp({ ...common, ...options });
    return { ...outcome, rows: await store.results({}) };
  } finally {
    await store.close();
  }
}

function expectBoth({ updates, tally, rows }: RunOutcome & { rows: ResultRow[] }): void {
  expect(updates).toMatchObject([
    { name: RETRAINED, device: "d1", state: "confirmed", reason: "" },
    { name: BROKEN, device: "d1", state: "rolled back", reason: expect.stringContaining("SELF_TEST_FAILED") as string },
  ]);
  expect(tally).toMatchObject({ lost: 0, waiting: 0, conflicts: 0, evicted: 0 });
  // What it says with the retrained model says so, and nothing was ever said with the broken one.
  expect(new Set(rows.map(({ modelVersion }) => modelVersion))).toEqual(new Set([1, 2]));
}

describe("updates in the middle of a run", () => {
  it("a retrained model is confirmed and a broken one is taken back, across outages, the same way twice", async () => {
    const first = await run(1);
    expectBoth(first);
    expect((await run(1)).traceHash).toBe(first.traceHash);
  });

  it.each([2, 3])("and through power cuts, in flash writes too, seed %i", async (seed) => {
    const outcome = await run(seed, { powerCuts: 30 });
    expectBoth(outcome);
    expect(outcome.tally.powerCuts).toBeGreaterThan(15);
  });

  it.each([
    ["a configuration with the broker's name is confirmed", "broker.farm.example", "confirmed", ""],
    ["a configuration with another is taken back", "moved.example", "rolled back", "UPDATE_OFFLINE"],
  ])("%s, and everything arrives", async (_what, broker, state, reason) => {
    const outcome = await inFolder((temporary) => {
      const file = join(temporary, "moved.cfg");
      writeFileSync(file, encodeConfiguration({ broker: `${broker}:1883` }));
      return run(1, {}, [file]);
    });
    expect(outcome.updates).toMatchObject([{ state, reason: expect.stringContaining(reason) as string }]);
    expect(outcome.tally).toMatchObject({ lost: 0, waiting: 0, conflicts: 0, evicted: 0, crashes: 0 });
  });

  it.each([
    ["an application that delivers is confirmed", (code: string) => code, "confirmed", ""],
    [
      "an application that no broker lets in is taken back",
      (code: string) => code.replace('"MQTT"', '"MQTX"'),
      "rolled back",
      "UPDATE_OFFLINE",
    ],
  ])("%s, and everything arrives", async (_what, change, state, reason) => {
    const outcome = await inFolder((temporary) => {
      const file = join(temporary, "bundle.js");
      const code = change(app.code);
      expect(code === app.code).toBe(state === "confirmed");
      writeFileSync(file, code, "latin1");
      return run(1, {}, [file]);
    });
    expect(outcome.updates).toMatchObject([{ state, reason: expect.stringContaining(reason) as string }]);
    expect(outcome.tally).toMatchObject({ lost: 0, waiting: 0, conflicts: 0, evicted: 0, crashes: 0 });
  });

  it("the broken one is whole but for a golden vector, so that nothing but running it can tell", () => {
    const own = planUpdate(join(folder, "model/model.tflite"), folder, esp32, 3).image;
    const broken = planUpdate(BROKEN, folder, esp32, 3).image;
    const at = (pack: Uint8Array, field: number): number => new DataView(pack.buffer).getUint32(field, true);
    const goldens = at(own, PackHeader.GOLDENS);
    const changed = [...own.keys()].filter((i) => own[i] !== broken[i]);
    expect(changed.filter((i) => i > 200)).toEqual([goldens + at(own, PackHeader.INPUT_BYTES)]);
  });
});
