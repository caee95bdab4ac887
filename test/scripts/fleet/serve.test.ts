import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { mosquittoAcl } from "../../../scripts/fleet/mosquitto-acl.js";
import {
  type MosquittoOptions,
  mosquittoCommand,
  startMosquitto,
} from "../../../scripts/simulate/brokers/mosquitto.js";
import { connectDevice, resultsPayload } from "./device-client.js";

const program = join(import.meta.dirname, "../../../bin/sertao.mjs");
const built = existsSync(join(import.meta.dirname, "../../../dist/scripts/cli/commands/fleet.js"));

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-serve-"));
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) await ended(child, "SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Starts `fleet serve` and resolves with what it says once it has said `until`. */
async function serve(args: string[], until: RegExp): Promise<RegExpExecArray> {
  const started = spawn(process.execPath, [program, "fleet", "serve", ...args], { cwd: folder });
  child = started;
  let text = "";
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      text += String(chunk);
      const found = until.exec(text);
      if (found !== null) resolve(found);
    };
    started.stdout.on("data", take);
    started.stderr.on("data", take);
    started.once("close", () => reject(new Error(text)));
  });
}

const serveTcp = async (): Promise<number> =>
  Number((await serve(["--listen", "127.0.0.1:0"], /MQTT on 127\.0\.0\.1:(\d+)\n.*OPEN/))[1]);

function ended(process: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    process.once("close", resolve);
    process.kill(signal);
  });
}

async function fails(...args: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, [program, "fleet", ...args], { cwd: folder });
  const error = (await run.then(
    () => undefined,
    (problem: unknown) => problem,
  )) as { code: number; stderr: string } | undefined;
  expect(error?.code).toBeGreaterThan(0);
  expect(error?.stderr).toMatch(/^sertao: [^\n]+\n$/);
  return error!.stderr;
}

async function storedSequences(): Promise<number[]> {
  const store = SqliteStore.open(join(folder, ".sertao/fleet.sqlite"), { create: false });
  const rows = await store.results({});
  await store.close();
  return rows.map((row) => row.sequence).sort((a, b) => a - b);
}

describe.skipIf(!built)("sertao fleet serve (needs dist, npm run build)", () => {
  it("killed in mid-stream has stored all that it acknowledged, and stops cleanly when asked", async () => {
    const client = await connectDevice(await serveTcp(), "dev1");
    const acknowledged: number[] = [];
    const enough = new Promise<void>((resolve) => {
      for (let sequence = 1; sequence <= 3000; sequence++) {
        client.publish("sertao/v1/dev1/results", resultsPayload(sequence), { qos: 1 }, (error) => {
          if (!error) acknowledged.push(sequence);
          if (acknowledged.length === 700) resolve();
        });
      }
    });
    await enough;
    await ended(child!, "SIGKILL");
    const stored = new Set(await storedSequences());
    expect(acknowledged.length).toBeLessThan(3000);
    expect(acknowledged.filter((sequence) => !stored.has(sequence))).toEqual([]);
    client.end(true);

    const again = await connectDevice(await serveTcp(), "dev1");
    await again.publishAsync("sertao/v1/dev1/results", resultsPayload(5000), { qos: 1 });
    expect(await ended(child!, "SIGTERM")).toBe(0);
    expect(await storedSequences()).toContain(5000);
    again.end(true);
  });

  it("fails in one line for a taken port, a lost broker, an open door and a missing store", async () => {
    const port = await serveTcp();
    expect(await fails("serve", "--store", "b.sqlite", "--listen", `127.0.0.1:${port}`)).toContain("PORT_IN_USE");
    expect(await fails("serve", "--store", "b.sqlite", "--broker", "mqtt://127.0.0.1:1")).toContain(
      "BROKER_UNREACHABLE",
    );
    expect(await fails("serve", "--store", "b.sqlite", "--listen", "0.0.0.0:0")).toContain("LISTEN_OPEN");
    expect(await fails("devices", "--store", "none.sqlite")).toContain("STORE_MISSING");
    expect(await fails("forget", "dev9")).toContain("DEVICE_UNKNOWN");
  });
});

describe.skipIf(!built || !mosquittoCommand)("sertao fleet serve --broker (needs dist and mosquitto)", () => {
  it("collects over Mosquitto with the rules of fleet acl, across its own death", async () => {
    const options: MosquittoOptions = {
      users: { collector: "cc", dev1: "dd" },
      acl: mosquittoAcl("collector"),
      extra: ["use_username_as_clientid true"],
    };
    const broker = await startMosquitto(options);
    try {
      const url = (password: string): string => `mqtt://collector:${password}@127.0.0.1:${broker.port}`;
      expect(await fails("serve", "--broker", url("wrong"))).toContain("BROKER_REFUSED_LOGIN");
      await serve(["--broker", url("cc")], /broker connected/);
      const device = await connectDevice(broker.port, "dev1", { username: "dev1", password: "dd" });
      const acks: number[] = [];
      device.on("message", (_topic, payload) => acks.push(payload[3]!));
      await device.subscribeAsync("sertao/v1/dev1/ack");
      await device.publishAsync("sertao/v1/dev1/results", resultsPayload(1, 2), { qos: 1 });
      while (!acks.includes(2)) await new Promise(setImmediate);
      expect(await storedSequences()).toEqual([1, 2]);

      await ended(child!, "SIGKILL");
      await device.publishAsync("sertao/v1/dev1/results", resultsPayload(3, 2), { qos: 1 });
      await serve(["--broker", url("cc")], /broker connected/);
      while (!acks.includes(4)) await new Promise(setImmediate);
      expect(await storedSequences()).toEqual([1, 2, 3, 4]);
      await device.endAsync();
    } finally {
      await broker.dispose();
    }
  });
});
