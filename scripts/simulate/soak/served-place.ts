import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../bundle/package-root.js";
import { collectorEnded } from "../../errors/soak.js";
import { SqliteStore } from "../../fleet/store/sqlite-store.js";
import type { Broker } from "../brokers/broker.js";
import { freePort } from "../brokers/free-port.js";
import { startMosquitto } from "../brokers/mosquitto.js";
import { SteadyPace } from "../clock/pace.js";
import { tcpSide } from "../link/tcp-side.js";
import { Killer } from "./killer.js";
import type { Place } from "./place.js";

export interface ServedPlaceOptions {
  readonly storeFile: string;
  /** True for `fleet serve` behind Mosquitto, false for its embedded broker. */
  readonly behindMosquitto: boolean;
  /** Virtual seconds in a real one. */
  readonly speed: number;
  readonly results: number;
  /** Times that `fleet serve` is killed meanwhile. */
  readonly kills: number;
}

const PROGRAM = join(packageRoot, "bin", "sertao.mjs");
const UP = /MQTT on|broker connected/;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * `sertao fleet serve` as a process of its own over loopback TCP, killed (SIGKILL) now and then and started again.
 * @throws SertaoError BROKER_COMMAND_MISSING, BROKER_NOT_STARTED, COLLECTOR_ENDED
 */
export async function servedPlace(options: ServedPlaceOptions): Promise<Place> {
  const mosquitto: Broker | undefined = options.behindMosquitto
    ? await startMosquitto({ savesEveryChange: false })
    : undefined;
  const url = `mqtt://127.0.0.1:${mosquitto?.port ?? (await freePort())}`;
  const where = mosquitto === undefined ? ["--listen", url.slice("mqtt://".length)] : ["--broker", url];
  const serve = (): Promise<ChildProcess> => startCollector([...where, "--store", options.storeFile]);
  let collector = await serve();
  const side = await tcpSide(url);
  let store: SqliteStore | undefined;
  const killer = new Killer(options.results, options.kills, async () => {
    await kill(collector);
    collector = await serve();
  });
  return {
    broker: side,
    pace: new SteadyPace(options.speed),
    acksFromCollector: options.behindMosquitto,
    keepsOrder: true,
    isTimed: false,
    get kills() {
      return killer.kills;
    },
    started: () => undefined,
    delivered: (results) => killer.delivered(results),
    async finished() {
      await killer.rest();
      await kill(collector);
      return (store = SqliteStore.open(options.storeFile, { create: false }));
    },
    async close() {
      side.close();
      await kill(collector);
      await mosquitto?.dispose();
      await store?.close();
    },
  };
}

/** Resolves when it serves. */
async function startCollector(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--no-warnings", PROGRAM, "fleet", "serve", "--open", ...args]);
  running.add(child);
  child.once("close", () => running.delete(child));
  let text = "";
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      // Only the beginning says whether it is up; the rest is a line for each connection.
      if (text.length < 4096) text += String(chunk);
      if (UP.test(text)) resolve();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    child.once("close", () => reject(collectorEnded(text)));
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
}
