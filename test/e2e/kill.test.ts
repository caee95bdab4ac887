import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { esp32 } from "../../boards/esp32.js";
import { buildApp, type BuiltApp } from "../../scripts/bundle/build-app.js";
import { SqliteStore } from "../../scripts/fleet/store/sqlite-store.js";
import type { ResultRow } from "../../scripts/fleet/store/store.js";
import type { Acknowledgement } from "../../scripts/provision/provisioning.js";
import { findLinkProfile } from "../../scripts/simulate/link/profile.js";
import type { Readings } from "../../scripts/simulate/readings/readings.js";
import { runApp, type RunOutcome } from "../../scripts/simulate/run-app.js";
import type { Simulation } from "../../scripts/simulate/simulation.js";
import type { Broker } from "../../scripts/simulate/brokers/broker.js";
import { freePort } from "../../scripts/simulate/brokers/free-port.js";
import { mosquittoCommand, startMosquitto } from "../../scripts/simulate/brokers/mosquitto.js";
import { FleetProcess } from "./fleet-process.js";
import { built } from "./sertao-command.js";

const DEVICES = 3;
const VIRTUAL_SEC = 240;
const SPEED = 25;
const KILLS = 3;
/** Records that devices are told of between two kills. */
const BETWEEN_KILLS = 90;

let app: BuiltApp;
let folder: string;
let fleet: FleetProcess;

/** Records that a device was told are delivered. */
const told = ({ counters }: Simulation["devices"][number]): number => counters.reported - counters.waiting;

/** The simulated devices, at real pace, against a broker of other processes. */
function run(
  port: number,
  acknowledgement: Acknowledgement,
): { simulation: Promise<Simulation>; outcome: Promise<RunOutcome> } {
  let resolve: (simulation: Simulation) => void = () => undefined;
  const simulation = new Promise<Simulation>((started) => (resolve = started));
  const store = SqliteStore.open(":memory:");
  // They end with the run: then everything that was reported can be delivered.
  const readings = (): Readings => ({ read: (_channel, timeMs) => (timeMs < VIRTUAL_SEC * 1000 ? 0.5 : undefined) });
  const outcome = runApp({
    board: esp32,
    app,
    profile: findLinkProfile("perfect")!,
    seed: 1,
    devices: DEVICES,
    days: VIRTUAL_SEC / 86_400,
    plan: { startMs: 0, days: 1, source: "constant", readings },
    store,
    brokerUrl: `mqtt://127.0.0.1:${port}`,
    collectsElsewhere: true,
    acknowledgement,
    speed: SPEED,
    started: resolve,
  }).finally(() => store.close());
  outcome.catch(() => undefined);
  return { simulation, outcome };
}

const sequencesOf = (rows: readonly ResultRow[], device: string): number[] =>
  rows
    .filter((row) => row.device === device)
    .map((row) => row.sequence)
    .sort((a, b) => a - b);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Kills again and again, and looks each time whether what devices were told of is in the store. */
async function killing(simulation: Simulation, kill: () => Promise<void>, restart: () => Promise<void>): Promise<void> {
  for (let kills = 1; kills <= KILLS; kills++) {
    const sum = (): number => simulation.devices.reduce((total, device) => total + told(device), 0);
    const enough = sum() + BETWEEN_KILLS;
    while (sum() < enough) await delay(1);

    await kill();

    const acknowledged = simulation.devices.map(told);
    const rows = await fleet.results();
    simulation.devices.forEach(({ id }, index) => {
      const stored = new Set(sequencesOf(rows, id));
      expect(upTo(acknowledged[index]!).filter((sequence) => !stored.has(sequence))).toEqual([]);
    });
    await restart();
  }
}

async function expectAllOnce(simulation: Simulation, { tally }: RunOutcome): Promise<void> {
  expect(tally).toMatchObject({ waiting: 0, evicted: 0, crashes: 0, boots: DEVICES });
  expect(tally.reported).toBeGreaterThan(KILLS * BETWEEN_KILLS);
  const rows = await fleet.results();
  for (const { id, counters } of simulation.devices) {
    expect(sequencesOf(rows, id)).toEqual(upTo(counters.reported));
  }
}

describe.skipIf(!built)("a killed collector (needs dist, npm run build)", () => {
  beforeAll(async () => {
    // Sizes have a test of their own.
    app = await buildApp(join(import.meta.dirname, "../fixtures/rapid"), esp32, { ignoreBudgets: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sertao-kill-"));
  });
  afterEach(async () => {
    await fleet.kill();
    rmSync(folder, { recursive: true });
  });

  it("with the embedded broker loses nothing that PUBACK promised, and stores everything once", async () => {
    const port = await freePort();
    fleet = new FleetProcess(folder, ["--listen", `127.0.0.1:${port}`], /MQTT on/);
    await fleet.start();
    const { simulation, outcome } = run(port, "puback");
    const devices = await simulation;
    await killing(
      devices,
      () => fleet.kill(),
      () => fleet.start(),
    );
    await expectAllOnce(devices, await outcome);
  });

  describe.skipIf(!mosquittoCommand)("behind Mosquitto (needs mosquitto)", () => {
    let broker: Broker;
    beforeEach(async () => {
      broker = await startMosquitto();
      fleet = new FleetProcess(folder, ["--broker", `mqtt://127.0.0.1:${broker.port}`], /broker connected/);
      await fleet.start();
    });
    afterEach(() => broker.dispose());

    it("loses nothing that it told devices of, and stores everything once", async () => {
      const { simulation, outcome } = run(broker.port, "collector");
      const devices = await simulation;
      await killing(
        devices,
        () => fleet.kill(),
        () => fleet.start(),
      );
      await expectAllOnce(devices, await outcome);
    });

    it("loses nothing when Mosquitto itself is killed", async () => {
      const { simulation, outcome } = run(broker.port, "collector");
      const devices = await simulation;
      await killing(
        devices,
        () => broker.kill(),
        async () => {
          broker = await startMosquitto({ port: broker.port, folder: broker.folder });
        },
      );
      await expectAllOnce(devices, await outcome);
    });
  });
});
