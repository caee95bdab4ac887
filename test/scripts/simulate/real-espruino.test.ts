import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
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
