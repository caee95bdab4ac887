import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { linuxField } from "../../../boards/linux-field.js";
import { buildApp } from "../../../scripts/bundle/build-app.js";
import { findCommand } from "../../../scripts/engine/find-command.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { runOnEspruino } from "../../../scripts/simulate/espruino/run-on-espruino.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { LineView } from "../../../scripts/simulate/show/line-view.js";

const hasEspruino = (findCommand("espruino-field") ?? findCommand("espruino")) !== undefined;

// Samples each minute of device time; reports how its clock and readings run.
const SCRIPT = `var n = 0; setInterval(function () {
  n++; sertaoObserve("sample", n);
  if (n === 10 && Math.abs(sertaoReading("t") - 9.5) > 1.5) throw new Error("reading " + sertaoReading("t") + " at " + getTime());
  if (n === 10 && !isNaN(sertaoReading("none"))) throw new Error("a reading of nothing");
}, 60000);`;

describe.skipIf(!hasEspruino)("a real Espruino (needs the command espruino)", () => {
  let store: SqliteStore;
  beforeAll(() => {
    store = SqliteStore.open(":memory:");
    return () => store.close();
  });

  it("runs the bundle in scaled time, with readings, and measures its memory", async () => {
    const outcome = await runOnEspruino(
      {
        board: esp32,
        app: { code: SCRIPT },
        profile: findLinkProfile("perfect")!,
        seed: 1,
        devices: 1,
        days: 1 / 72,
        plan: { startMs: 0, days: 1, source: "minutes", readings: () => ({ read: (_channel, ms) => ms / 60_000 }) },
        store,
        speed: 300,
        channels: ["t"],
      },
      new LineView(() => undefined),
    );
    expect(outcome.lastCrash).toBeUndefined();
    expect(outcome.tally.samples).toBeGreaterThan(14);
    expect(outcome.tally.samples).toBeLessThan(22);
    expect(outcome.peakJsVars).toBeGreaterThan(100);
    expect(outcome.peakJsVars).toBeLessThan(4000);
  });

  it("is started again when it sleeps deeply, and goes on where it was", { timeout: 90_000 }, async () => {
    const app = await buildApp("test/fixtures/sleepy", linuxField);
    const readings = { temperature: 21, humidity: 30, light: 400, co2: 700, humidityRatio: 0.005 };
    const outcome = await runOnEspruino(
      {
        board: linuxField,
        app,
        profile: findLinkProfile("perfect")!,
        seed: 1,
        devices: 1,
        days: 5 / 1440,
        plan: {
          startMs: 0,
          days: 1,
          source: "constant",
          readings: () => ({ read: (channel) => readings[channel as keyof typeof readings] }),
        },
        store,
        speed: 20,
        channels: app.manifest.channels!,
      },
      new LineView(() => undefined),
    );
    expect(outcome.lastCrash).toBeUndefined();
    // A sample in a minute; one boot each, and hardly another.
    expect(outcome.tally.samples + outcome.tally.missed).toBeGreaterThanOrEqual(4);
    expect(outcome.tally.boots).toBeGreaterThanOrEqual(outcome.tally.samples - 1);
    expect(outcome.tally.inferences).toBeGreaterThanOrEqual(1);
    expect(outcome.tally.reported).toBe(outcome.tally.inferences);
    expect(outcome.tally.lost).toBe(0);
    const results = await store.results({});
    expect(results.length).toBeGreaterThanOrEqual(1);
    // Timer wakes are no new epochs.
    expect(new Set(results.map(({ epoch }) => epoch)).size).toBe(1);
  });

  it("tells of a script that throws", async () => {
    const options = {
      board: esp32,
      profile: findLinkProfile("perfect")!,
      seed: 1,
      devices: 1,
      days: 0.005,
      store,
      speed: 300,
    };
    const plan = { startMs: 0, days: 1, source: "none", readings: () => ({ read: () => undefined }) };
    const app = { code: `setTimeout(function () { nothing.x(); }, 1000);` };
    const outcome = await runOnEspruino({ ...options, plan, app, channels: [] }, new LineView(() => undefined));
    expect(outcome.lastCrash).toContain("nothing");
  });
});
