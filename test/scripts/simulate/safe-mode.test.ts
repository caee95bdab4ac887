import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { espruinoWifi } from "../../../boards/espruino-wifi.js";
import type { Board } from "../../../boards/index.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { startFleet } from "../../../scripts/fleet/fleet.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { planReadings } from "../../../scripts/simulate/readings/plan.js";
import { Simulation } from "../../../scripts/simulate/simulation.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const apps = new Map<Board, BuiltApp>();
beforeAll(async () => {
  for (const board of [esp32, espruinoWifi])
    apps.set(board, await buildApp("firmware/apps/orchard-frost", board, { ignoreBudgets: true }));
});

interface Told {
  readonly samples: number;
  readonly boots: number;
  readonly crashes: number;
  readonly errors: readonly number[];
  readonly state: number | null;
}

/** Runs the demo with `before` in front of its bundle, and says at some hours what there is to see. */
async function run(
  before: string,
  hours: readonly number[],
  board: Board = esp32,
  otherPack?: Uint8Array,
): Promise<Told[]> {
  const app = apps.get(board)!;
  const store = SqliteStore.open(":memory:");
  const plan = planReadings(app.manifest, { days: 1, seed: 1 });
  const clock = { now: () => plan.startMs };
  const fleet = await startFleet({ store, now: () => clock.now(), realTimers: false });
  const simulation = await Simulation.create({
    board,
    code: before + app.code,
    pack: otherPack ?? app.pack,
    profile: findLinkProfile("perfect")!,
    seed: 1,
    devices: 1,
    days: 1,
    startMs: plan.startMs,
    readings: () => plan.readings(0),
    broker: fleet,
  });
  clock.now = () => plan.startMs + simulation.nowMs;
  const told: Told[] = [];
  try {
    const device = simulation.devices[0]!;
    device.powerOn();
    for (const hour of hours) {
      await simulation.runUntil(hour * HOUR_MS);
      const [row] = await store.devices();
      const { samples, boots, crashes } = device.counters;
      told.push({ samples, boots, crashes, errors: row?.errors ?? [], state: row?.state ?? null });
    }
    return told;
  } finally {
    simulation.dispose();
    await fleet.stop();
    await store.close();
  }
}

describe("safe mode", () => {
  // One keeps settings in pages, one what a crash leaves in a file.
  it.each([
    ["esp32", esp32],
    ["espruino-wifi", espruinoWifi],
  ])(
    "leaves an application on an %s alone that crashes five times in a row, and tries it again",
    async (_id, board) => {
      // The first sample is at once; then everything goes wrong.
      const crash = `var ask=sertaoReading;sertaoReading=function(c){setTimeout(function(){nothing.x()},100);return ask(c)};\n`;
      const [soon, hour, later] = await run(crash, [0.4, 0.9, 2.5], board);
      // A crash waits ten seconds before it restarts the device.
      expect(soon!.crashes).toBeGreaterThanOrEqual(5);
      expect(soon!.boots).toBe(6);
      expect(soon!.errors).toContain(ErrorCode.SAFE_MODE);
      // It rests: no sample, no crash, no boot.
      expect([hour!.samples, hour!.crashes, hour!.boots]).toEqual([soon!.samples, soon!.crashes, soon!.boots]);
      // Tried once an hour, and rests again.
      expect(later!.boots).toBeGreaterThanOrEqual(8);
      expect(later!.boots).toBeLessThanOrEqual(11);
      expect(later!.errors).toContain(ErrorCode.SAFE_MODE);
    },
  );

  it("is what a device without a model does, and says why", async () => {
    const [told] = await run("", [0.2], esp32, new Uint8Array(40));
    expect(told!.errors).toContain(ErrorCode.SAFE_MODE);
    expect(told!.errors.some((code) => code >= 201 && code < 300)).toBe(true);
    expect(told!.samples).toBe(0);
  });

  it("is no part of a life in which power goes every few hours", async () => {
    const [told] = await run("", [12]);
    expect(told!.errors).not.toContain(ErrorCode.SAFE_MODE);
    expect(told).toMatchObject({ crashes: 0, boots: 1 });
  });

  it("restarts a device whose loop hangs, by the watchdog", async () => {
    // Everything stops: timers, and with them the feeding.
    const hang = `var later=setTimeout,n=0;setTimeout=function(run,ms){return ++n>400?0:later(run,ms)};\n`;
    const [told] = await run(hang, [20]);
    expect(told!.boots).toBeGreaterThan(1);
    expect(told!.crashes).toBeGreaterThanOrEqual(1);
  });
});
