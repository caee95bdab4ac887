import { beforeAll, describe, expect, it } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { espruinoWifi } from "../../../boards/espruino-wifi.js";
import type { Board } from "../../../boards/index.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { startFleet } from "../../../scripts/fleet/fleet.js";
import type { PasswordFile } from "../../../scripts/fleet/secrets/passwords.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { encodeProvisioning } from "../../../scripts/provision/provisioning.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { planReadings } from "../../../scripts/simulate/readings/plan.js";
import { Simulation } from "../../../scripts/simulate/simulation.js";

const HOUR_MS = 3_600_000;
const LOOK_MS = 600_000;

const boards: readonly Board[] = [esp32, espruinoWifi];
const apps = new Map<Board, BuiltApp>();
beforeAll(async () => {
  for (const board of boards)
    apps.set(board, await buildApp("firmware/apps/orchard-frost", board, { ignoreBudgets: true }));
});

/** A provisioning for the broker, which knows one password. */
function provisioning(password: string, incarnation: number): Uint8Array {
  const network = { wifiNetwork: "farm", wifiPassword: "simulated" };
  const broker = { brokerHost: "broker.farm.example", brokerPort: 1883 };
  return encodeProvisioning({ device: "d1", incarnation, password, ...broker, ...network });
}

interface Seen {
  readonly boots: number;
  /** Of all statuses. */
  readonly errors: readonly number[];
  readonly results: number;
  readonly hasOld: boolean;
}

/** Runs the demo with a new provisioning and the one before it, over a perfect link. */
async function run(board: Board, fresh: Uint8Array, old: Uint8Array, hours: number): Promise<Seen> {
  const app = apps.get(board)!;
  const store = SqliteStore.open(":memory:");
  const plan = planReadings(app.manifest, { days: 1, seed: 1 });
  const clock = { now: () => plan.startMs };
  const verify = (_device: string, password: Uint8Array): Promise<boolean> =>
    Promise.resolve(Buffer.from(password).toString() === "right password");
  const passwords = { verify } as unknown as PasswordFile;
  const fleet = await startFleet({ store, now: () => clock.now(), realTimers: false, passwords });
  const { code, pack, installation, keeper } = app;
  const simulation = await Simulation.create({
    board,
    code,
    pack,
    installation,
    keeper,
    profile: findLinkProfile("perfect")!,
    seed: 1,
    devices: 1,
    days: 1,
    startMs: plan.startMs,
    readings: () => plan.readings(0),
    broker: fleet,
  });
  clock.now = () => plan.startMs + simulation.nowMs;
  try {
    const device = simulation.devices[0]!;
    device.storage.erase("sertao.cfg");
    for (const [name, bytes] of [
      ["sertao.cfg", fresh],
      ["sertao.old", old],
    ] as const)
      device.storage.write(name, bytes, 0, bytes.length);
    device.powerOn();
    const errors = new Set<number>();
    for (let ms = 0; ms < hours * HOUR_MS; ms += LOOK_MS) {
      await simulation.runUntil(ms + LOOK_MS);
      for (const code of (await store.devices())[0]?.errors ?? []) errors.add(code);
    }
    const results = (await store.results({})).length;
    const hasOld = device.storage.read("sertao.old") !== undefined;
    return { boots: device.counters.boots, errors: [...errors], results, hasOld };
  } finally {
    simulation.dispose();
    await fleet.stop();
    await store.close();
  }
}

describe.each(boards.map((board) => [board.id, board] as const))(
  "a new provisioning on a simulated %s",
  (_id, board) => {
    it("that is wrong is taken back for the one that worked, which the status tells", async () => {
      const seen = await run(board, provisioning("wrong password", 2), provisioning("right password", 1), 24);
      expect(seen.errors).toContain(ErrorCode.PROVISIONING_FAILED);
      expect(seen.errors).not.toContain(ErrorCode.SAFE_MODE);
      expect(seen.results).toBeGreaterThan(0);
      expect(seen.hasOld).toBe(true);
      expect(seen.boots).toBe(2);
    });

    it("that works takes the one before away", async () => {
      const seen = await run(board, provisioning("right password", 2), provisioning("wrong password", 1), 12);
      expect(seen).toMatchObject({ boots: 1, hasOld: false });
      expect(seen.results).toBeGreaterThan(0);
      expect(seen.errors).not.toContain(ErrorCode.PROVISIONING_FAILED);
    });
  },
);
