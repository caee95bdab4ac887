import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Field, type Manifest } from "../../lib/update/manifest.js";
import { decodePublicKey, encodePublicKey } from "../../scripts/ota/public-key.js";
import { statusOfBoard } from "../scripts/fleet/device-client.js";
import { ScriptedDevice } from "../scripts/fleet/updates/scripted-device.js";
import { publicKey as otherKey } from "../scripts/fleet/updates/signed.js";
import { runInProcess } from "./run-in-process.js";
import { built, startSertao } from "./sertao-command.js";

const startedIn = process.cwd();
const PASSPHRASE = "--passphrase-env OTA_PASSPHRASE";
let folder: string;
let serving: ChildProcess | undefined;
let log = "";
let port = 0;
let device: ScriptedDevice;
let keys: Uint8Array[];
/** Sequences by the name of the file. */
const sequences: Record<string, number> = {};

async function succeeds(line: string): Promise<string> {
  const { status, stdout, stderr } = await runInProcess(line.split(" "));
  expect([stderr, status], line).toEqual(["", 0]);
  return stdout;
}

async function fails(line: string): Promise<string> {
  const { status, stdout, stderr } = await runInProcess(line.split(" "));
  expect(status, `${line}: ${stdout}`).toBeGreaterThan(0);
  expect(stderr).toMatch(/^sertao: [^\n]+\n$/);
  return stderr;
}

/** Starts the collector and waits until it says so much. */
async function serve(...more: string[]): Promise<void> {
  log = "";
  const child = startSertao(folder, ["fleet", "serve", "--listen", `127.0.0.1:${port}`, ...more]);
  serving = child;
  child.stdout!.on("data", (text: Buffer) => (log += String(text)));
  child.stderr!.on("data", (text: Buffer) => (log += String(text)));
  port = Number((await logged(/MQTT on 127\.0\.0\.1:(\d+)\n/))[1]);
}

async function logged(text: RegExp): Promise<RegExpExecArray> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = text.exec(log);
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(`${String(text)} is not in: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function killed(signal: NodeJS.Signals): Promise<void> {
  const over = once(serving!, "close");
  serving!.kill(signal);
  await over;
}

/** Signs applications whose texts are their names many times over, and remembers their sequences. */
async function signed(names: readonly string[], more = ""): Promise<void> {
  for (const name of names) writeFileSync(join(folder, name), contents(name));
  const options = `--kind application --application orchard-frost --boards esp32 --compress --json ${PASSPHRASE}${more}`;
  const stdout = await succeeds(`ota sign ${names.join(" ")} ${options}`);
  const { updates } = JSON.parse(stdout) as { updates: { manifest: { sequence: number } }[] };
  names.forEach((name, i) => (sequences[name] = updates[i]!.manifest.sequence));
}

const contents = (name: string): Buffer =>
  Buffer.from(Array.from({ length: 900 }, (_, i) => `${name}${i * i} `).join(""));

async function settle(name: string, ...states: number[]): Promise<void> {
  for (const state of states) await device.report(sequences[name]!, state);
}

async function connect(): Promise<void> {
  await device.connect(port);
  await device.client.publishAsync("sertao/v1/dev1/status", statusOfBoard("esp32"), { qos: 1, retain: true });
}

describe.skipIf(!built)("updates for a fleet (needs dist, npm run build)", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sertao-ota-fleet-"));
    Object.assign(process.env, { XDG_STATE_HOME: join(folder, "state"), OTA_PASSPHRASE: "rain in the sertao" });
    process.chdir(folder);
    device = new ScriptedDevice("dev1");
    await succeeds(`ota keygen ${PASSPHRASE}`);
    const file = ".sertao/ota/working.pub";
    keys = [decodePublicKey(readFileSync(join(folder, file)), file).publicKey];
    await signed(["one.js", "two.js", "three.js"]);
  });
  afterAll(async () => {
    device.client?.end(true);
    if (serving?.exitCode === null && serving.signalCode === null) await killed("SIGKILL");
    process.chdir(startedIn);
    rmSync(folder, { recursive: true, force: true });
  });

  it("need a store, devices that are known, and tags that somebody has", async () => {
    expect(await fails("ota publish one.js.update --all")).toContain("STORE_MISSING");
    await serve();
    expect(await succeeds("ota status")).toBe("No updates are published.\n");
    expect(await fails("ota publish one.js.update --all")).toContain("OTA_NO_DEVICES");
    await connect();
    const other = new ScriptedDevice("dev2");
    await other.connect(port);
    await other.client.publishAsync("sertao/v1/dev2/status", statusOfBoard("esp32c3"), { qos: 1, retain: true });
    await other.client.endAsync();
    expect(await fails("ota publish one.js.update")).toContain("OTA_NO_DEVICES");
    expect(await fails("ota publish one.js.update --device dev9")).toContain("DEVICE_UNKNOWN");
    expect(await fails("ota publish one.js.update --tag north")).toContain(
      'OTA_NO_DEVICES: No device has the tag "north"',
    );
    expect(await fails("fleet tag North dev1")).toContain("TAG");
    expect(await fails("fleet tag north dev1 dev9")).toContain("DEVICE_UNKNOWN");
    expect(await succeeds("fleet tag north,canary dev1 dev2")).toBe("dev1: canary, north\ndev2: canary, north\n");
    expect(await succeeds("fleet tag canary dev2 --remove")).toBe("dev2: north\n");
    expect(await succeeds("fleet devices")).toMatch(/^dev1 .* canary, north$/m);
  });

  it("are refused before anything is offered: by signature, and by what devices say of themselves", async () => {
    const bytes = readFileSync("one.js.update");
    bytes[200]! ^= 1;
    writeFileSync("false.update", bytes);
    expect(await fails("ota publish false.update --all")).toMatch(/OTA_SIGNATURE_INVALID|OTA_UPDATE_DAMAGED/);
    writeFileSync("other.pub", encodePublicKey("working", otherKey));
    expect(await fails("ota publish one.js.update --all --key other.pub")).toContain("OTA_SIGNATURE_INVALID");
    expect(await fails("ota publish one.js.update --device dev2")).toMatch(
      /OTA_DEVICES_REFUSE.*dev2.*UPDATE_WRONG_BOARD/,
    );
    expect(await succeeds("ota status")).toBe("No updates are published.\n");
  });

  it("go through a collector that is killed in the middle, without their file", async () => {
    const stdout = await succeeds("ota publish one.js.update --tag north");
    expect(stdout).toMatch(/^application, sequence \d+: published to dev1$/m);
    expect(stdout).toMatch(/^left out: dev2 would refuse \d+ with UPDATE_WRONG_BOARD \(607\)/m);
    expect(stdout).toMatch(/^at most 1023 of 1024 signatures of the working key left$/m);
    expect(await succeeds("ota publish one.js.update --device dev1 --json")).toMatch(/"known": \[\s+"dev1"/);
    rmSync("one.js.update");
    const offer = (await device.offer())!;
    expect(offer).toMatchObject({ kind: 1, sequence: sequences["one.js"] });
    const { manifest } = await device.fetch(offer, keys);
    device.flash.clear();
    await device.report(offer.sequence, 1, 0, 0, manifest[Field.IMAGE_BYTES]);
    expect(await device.image(manifest, 3)).toBeUndefined();
    await killed("SIGKILL");
    device.client.end(true);
    await serve();
    await connect();
    expect(await device.offer(2)).toEqual(offer);
    const requests = device.requests;
    expect(Buffer.from((await device.image(manifest))!).equals(contents("one.js"))).toBe(true);
    expect(device.requests - requests).toBe(Math.ceil((Math.ceil(manifest[Field.IMAGE_BYTES] / 1024) - 3) / 3));
    await logged(/dev1 is offered update \d+\n[^]*dev1 fetches update \d+\n/);
  });

  it("are followed to their end, with the text of a reason", async () => {
    await settle("one.js", 2, 3, 3);
    expect(await succeeds("ota status")).toMatch(/^dev1 +\d+ +application +on trial +\S+$/m);
    await settle("one.js", 4);
    expect(await device.offer(3)).toBeUndefined();
    await logged(/: confirmed\n/);
    expect(log.match(/: on trial\n/g)).toHaveLength(1);
    await succeeds("ota publish two.js.update --device dev1");
    expect(await device.offer(4)).toMatchObject({ sequence: sequences["two.js"] });
    await device.report(sequences["two.js"]!, 5, 610);
    await logged(/refused: UPDATE_TOO_BIG \(610\): An update's image/);
    expect(await succeeds("ota status")).toMatch(
      /^dev1 +\d+ +application +refused +\S+ +UPDATE_TOO_BIG \(610\): An update's/m,
    );
    const { devices } = JSON.parse(await succeeds("ota status --json --device dev1")) as { devices: object[] };
    expect(devices).toMatchObject([
      { sequence: sequences["one.js"], phase: "over", state: "confirmed", reason: 0 },
      {
        sequence: sequences["two.js"],
        state: "refused",
        reasonName: "UPDATE_TOO_BIG",
        history: [{ state: "refused" }],
      },
    ]);
    const rows = (await succeeds("ota status --history")).trimEnd().split("\n").slice(1);
    expect(rows.map((row) => /fetching|staged|on trial|confirmed|refused/.exec(row)?.[0])).toEqual([
      "fetching",
      "staged",
      "on trial",
      "confirmed",
      "refused",
    ]);
    expect(await succeeds("ota status --watch")).toContain("refused");
  });

  it("are withdrawn while nobody has them, and not published again behind a later one", async () => {
    await succeeds("ota publish three.js.update --device dev1");
    expect(await device.offer(6)).toMatchObject({ sequence: sequences["three.js"] });
    expect(await fails(`ota withdraw ${sequences["one.js"]}`)).toContain("OTA_UPDATE_FETCHED");
    expect(await fails("ota withdraw 77")).toContain("OTA_UPDATE_UNKNOWN");
    expect(await succeeds(`ota withdraw ${sequences["three.js"]}`)).toMatch(/is withdrawn from dev1\.$/m);
    expect(await device.offer(7)).toBeUndefined();
    expect(await fails(`ota withdraw ${sequences["three.js"]}`)).toContain("OTA_NOT_OFFERED");
    expect(await succeeds("ota status")).toMatch(/^dev1 .* withdrawn /m);
    await signed(["early.js"], ` --sequence ${sequences["three.js"]! + 10}`);
    await signed(["late.js"]);
    await succeeds("ota publish late.js.update --device dev1");
    expect(await fails("ota publish early.js.update --device dev1")).toMatch(/OTA_DEVICES_REFUSE.*UPDATE_SEQUENCE_OLD/);
    expect(await device.offer(8)).toMatchObject({ sequence: sequences["late.js"] });
    await settle("late.js", 4);
    expect(await device.offer(9)).toBeUndefined();
  });

  it("go back by a signed manifest with a new sequence for the earlier image", async () => {
    expect(await fails(`ota rollback 77 --device dev1 ${PASSPHRASE}`)).toContain("OTA_UPDATE_UNKNOWN");
    expect(await fails(`ota rollback ${sequences["one.js"]} --device dev2 ${PASSPHRASE}`)).toContain(
      "UPDATE_WRONG_BOARD",
    );
    const stdout = await succeeds(`ota rollback ${sequences["one.js"]} --device dev1 ${PASSPHRASE}`);
    // Five files were signed: what was refused has used up no index.
    expect(stdout).toMatch(/index 5; [^]*1018 of 1024 signatures left\n[^]*published to dev1/);
    const offer = (await device.offer(10))!;
    expect(offer.sequence).toBeGreaterThan(sequences["late.js"]!);
    const { manifest, image } = await device.fetch(offer, keys);
    expect(Buffer.from(image).equals(contents("one.js"))).toBe(true);
    expect((manifest satisfies Manifest)[Field.APPLICATION]).toBe("orchard-frost");
    await device.report(offer.sequence, 4);
    await killed("SIGTERM");
    expect(await succeeds("ota status")).toMatch(/^dev1 .* confirmed /m);
  });
});
