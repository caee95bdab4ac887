import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fleet, startFleet } from "../../../scripts/fleet/fleet.js";
import { encodeTime } from "../../../scripts/fleet/messages/time.js";
import { KeyFile } from "../../../scripts/fleet/secrets/device-keys.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { built, sertao } from "../../e2e/sertao-command.js";
import { connectDevice, statusWithNonce } from "./device-client.js";

const KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OTHER = "ff".repeat(32);

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-keys-"));
  file = join(folder, "keys");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a key file", () => {
  it("holds keys for its owner alone, and is read again when another program has changed it", () => {
    const reader = new KeyFile(file);
    expect([reader.count, reader.find("dev1")]).toEqual([0, undefined]);
    const writer = new KeyFile(file);
    writer.set("dev1", Buffer.from(KEY, "hex"));
    writer.set("dev2", Buffer.from(OTHER, "hex"));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(reader.find("dev1")).toEqual(Buffer.from(KEY, "hex"));
    writer.set("dev1", Buffer.from(OTHER, "hex"));
    utimesSync(file, 1, 1);
    expect(reader.find("dev1")).toEqual(Buffer.from(OTHER, "hex"));
    rmSync(file);
    expect(reader.find("dev1")).toBeUndefined();
  });

  it("that is damaged is named by its line, without what stands there", () => {
    writeFileSync(file, `dev1:${KEY}\ndev2:${KEY}00\n`, { mode: 0o600 });
    expect(() => new KeyFile(file)).toThrow(/^KEYS_DAMAGED: .*line 2/);
    expect(() => new KeyFile(file)).not.toThrow(new RegExp(KEY));
  });

  it.skipIf(process.platform === "win32")("that others may read is refused", () => {
    new KeyFile(file).set("dev1", Buffer.from(KEY, "hex"));
    chmodSync(file, 0o640);
    expect(() => new KeyFile(file)).toThrow(/^KEYS_EXPOSED/);
  });
});

describe("a device that asks for the time", () => {
  let fleet: Fleet;
  let store: SqliteStore;
  const problems: unknown[] = [];
  const now = Date.UTC(2026, 2, 1, 12);

  beforeEach(async () => {
    store = SqliteStore.open(":memory:");
    const keys = new KeyFile(file);
    keys.set("dev1", Buffer.from(KEY, "hex"));
    fleet = await startFleet({
      store,
      keys,
      now: () => now,
      listen: { host: "127.0.0.1", port: 0 },
      observer: { keysFailed: (error) => problems.push(error) },
    });
  });
  afterEach(async () => {
    await fleet.stop();
    await store.close();
  });

  it("is told it under its key, at each status with a nonce; one without a key is not", async () => {
    const heard: Buffer[] = [];
    const [device, stranger] = [
      await connectDevice(fleet.address!.port, "dev1"),
      await connectDevice(fleet.address!.port, "dev2"),
    ];
    device.on("message", (_topic, payload) => heard.push(payload));
    stranger.on("message", () => heard.push(Buffer.from("to a stranger")));
    await device.subscribeAsync("sertao/v1/dev1/time");
    await stranger.subscribeAsync("sertao/v1/dev2/time");
    const nonces = [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1)];
    await stranger.publishAsync("sertao/v1/dev2/status", statusWithNonce(nonces[0]), { qos: 1 });
    await device.publishAsync("sertao/v1/dev1/status", statusWithNonce(undefined), { qos: 1 });
    for (const nonce of nonces) {
      await device.publishAsync("sertao/v1/dev1/status", statusWithNonce(nonce), { qos: 1 });
    }
    while (heard.length < 2) await new Promise(setImmediate);
    expect(heard).toEqual(nonces.map((nonce) => Buffer.from(encodeTime(Buffer.from(KEY, "hex"), nonce, now))));
    await device.endAsync();
    await stranger.endAsync();
  });

  it("is not told it while the key file is damaged, and its status is stored all the same", async () => {
    const device = await connectDevice(fleet.address!.port, "dev1");
    writeFileSync(file, "nonsense\n");
    utimesSync(file, 1, 1);
    await device.publishAsync("sertao/v1/dev1/status", statusWithNonce(new Uint8Array(8)), { qos: 1 });
    expect(problems.map(String)).toEqual([expect.stringContaining("KEYS_DAMAGED")]);
    expect((await store.devices())[0]!.state).toBe(1);
    await device.endAsync();
  });
});

describe.skipIf(!built)("sertao fleet key (needs dist, npm run build)", () => {
  it("keeps a key from stdin, prints nothing of it, and refuses what is none", async () => {
    const set = await sertao(folder, ["fleet", "key", "dev1", "--keys", "my.keys"], {}, `${KEY.toUpperCase()}\n`);
    expect(set).toEqual({ status: 0, stdout: "The key of dev1 is set in my.keys.\n", stderr: "" });
    expect(readFileSync(join(folder, "my.keys"), "utf8")).toBe(`dev1:${KEY}\n`);
    const short = await sertao(folder, ["fleet", "key", "dev1"], {}, "beef");
    expect(short).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(/^sertao: KEY_MISSING/) });
    expect(short.stderr).not.toContain("beef");
    const missing = await sertao(folder, ["fleet", "serve", "--keys", "none"]);
    expect(missing).toMatchObject({ status: 1, stderr: expect.stringMatching(/^sertao: FILE_MISSING/) });
  });
});
