import { mkdtempSync, rmSync, utimesSync, writeFileSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duplexPair } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACK } from "../../../lib/uplink/topics.js";
import { parseAddress } from "../../../scripts/fleet/broker/listener.js";
import { PasswordFile } from "../../../scripts/fleet/secrets/passwords.js";
import { type Fleet, type FleetOptions, startFleet } from "../../../scripts/fleet/fleet.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { closed, connectDevice, resultsPayload, statusPayload } from "./device-client.js";

let store: SqliteStore;
let fleet: Fleet;
let folder: string;
let told: string[];

async function start(more: Partial<FleetOptions> = {}): Promise<number> {
  fleet = await startFleet({
    store,
    listen: { host: "127.0.0.1", port: 0 },
    observer: {
      connected: (device) => told.push(`+${device}`),
      disconnected: (device) => told.push(`-${device}`),
      refused: (client, code) => told.push(`!${client} ${code}`),
      storeFailed: () => told.push("store failed"),
    },
    ...more,
  });
  return fleet.address!.port;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-fleet-"));
  store = SqliteStore.open(":memory:");
  told = [];
});
afterEach(async () => {
  await fleet?.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});

describe("the embedded broker", () => {
  it("acknowledges what is committed, once", async () => {
    const client = await connectDevice(await start(), "dev1");
    for (const first of [1, 1, 4]) {
      await client.publishAsync("sertao/v1/dev1/results", resultsPayload(first, 2), { qos: 1 });
      expect((await store.results({})).at(-1)!.sequence).toBe(first + 1);
    }
    expect(fleet.counts).toMatchObject({ messages: 3, stored: 4, repeats: 2, conflicts: 0, refused: 0 });
    await client.endAsync();
  });

  it("closes without PUBACK where the commit fails, and takes the message when it comes again", async () => {
    const port = await start();
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error("full"));
    const client = await connectDevice(port, "dev1");
    let acknowledged = false;
    const gone = closed(client);
    client.publish("sertao/v1/dev1/results", resultsPayload(1), { qos: 1 }, (error) => (acknowledged = !error));
    await gone;
    expect(acknowledged).toBe(false);
    expect(told).toContain("store failed");
    store.commit = commit;
    const again = await connectDevice(port, "dev1");
    await again.publishAsync("sertao/v1/dev1/results", resultsPayload(1), { qos: 1, dup: true });
    expect((await store.totals()).records).toBe(1);
    await again.endAsync();
  });

  it("publishes the will when a connection breaks, and a clean end does not", async () => {
    const port = await start();
    const client = await connectDevice(port, "dev1");
    await client.publishAsync("sertao/v1/dev1/status", statusPayload(1), { qos: 1, retain: true });
    expect((await store.devices())[0]!.state).toBe(1);
    client.stream.destroy();
    while ((await store.devices())[0]!.state === 1) await new Promise(setImmediate);
    expect((await store.devices())[0]!.state).toBe(0);
    const other = await connectDevice(port, "dev2");
    await other.publishAsync("sertao/v1/dev2/status", statusPayload(2), { qos: 1 });
    await other.endAsync();
    while (!told.includes("-dev2")) await new Promise(setImmediate);
    expect((await store.devices())[1]!.state).toBe(2);
  });

  it("keeps a device to its own topics", async () => {
    const port = await start();
    const client = await connectDevice(port, "dev1");
    const granted = await client.subscribeAsync(["sertao/v1/dev1/ack", "sertao/v1/dev1/#"], { qos: 1 });
    expect(granted.map((grant) => grant.qos)).toEqual([1, 1]);
    for (const filter of ["sertao/v1/dev2/ack", "#", "sertao/v1/+/status", "$SYS/#", "sertao/v1/dev1/"]) {
      await expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
    }
    const gone = closed(client);
    client.publish("sertao/v1/dev2/results", resultsPayload(1), { qos: 1 });
    await gone;
    expect((await store.totals()).records).toBe(0);
  });

  it("acknowledges topics of a later version without keeping them", async () => {
    const client = await connectDevice(await start(), "dev1");
    await client.publishAsync("sertao/v1/dev1/later", "x", { qos: 1, retain: true });
    const heard: string[] = [];
    client.on("message", (topic) => heard.push(topic));
    await client.subscribeAsync("sertao/v1/dev1/#", { qos: 1 });
    await fleet.publish("dev1", ACK, Uint8Array.of(1));
    while (heard.length === 0) await new Promise(setImmediate);
    expect(heard).toEqual(["sertao/v1/dev1/ack"]);
    await client.endAsync();
  });

  it.each<[string, string | Buffer]>([
    ["no CBOR", "hello"],
    ["a longer payload than the topic has", Buffer.alloc(1100)],
    ["nothing", ""],
  ])("stores %s as refused and acknowledges it", async (_name, payload) => {
    const client = await connectDevice(await start(), "dev1");
    await client.publishAsync("sertao/v1/dev1/results", payload, { qos: 1 });
    await client.publishAsync("sertao/v1/dev1/results", resultsPayload(1), { qos: 1 });
    expect(fleet.counts).toMatchObject({ stored: 1, refused: 1 });
    expect(await store.refusals("dev1")).toHaveLength(1);
    await client.endAsync();
  });

  it("cuts off a packet that is too long before it has arrived", async () => {
    const port = await start();
    const client = await connectDevice(port, "dev1");
    const gone = closed(client);
    client.stream.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f]));
    await gone;
    const raw = connect(port, "127.0.0.1");
    const ended = new Promise((resolve) => raw.once("close", resolve));
    raw.write(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01]));
    await ended;
  });

  it("refuses what is no device, and names that do not match", async () => {
    const port = await start();
    await expect(connectDevice(port, "Dev-1")).rejects.toMatchObject({ code: 2 });
    await expect(connectDevice(port, "dev1", { username: "dev2" })).rejects.toMatchObject({ code: 5 });
    expect(told).toEqual(["!Dev-1 2", "!dev1 5"]);
  });

  it("sends the ack level where it is asked to", async () => {
    const client = await connectDevice(await start({ sendAcks: true }), "dev1");
    const heard: number[][] = [];
    client.on("message", (_topic, payload) => heard.push([...payload]));
    await client.subscribeAsync("sertao/v1/dev1/ack");
    await client.publishAsync("sertao/v1/dev1/results", resultsPayload(1, 3), { qos: 1 });
    while (heard.length < 1) await new Promise(setImmediate);
    await client.publishAsync("sertao/v1/dev1/results", resultsPayload(6), { qos: 1 });
    await client.publishAsync("sertao/v1/dev1/status", statusPayload(1, 2), { qos: 1 });
    while (heard.length < 3) await new Promise(setImmediate);
    expect(heard).toEqual([3, 3, 6].map((level) => [0x84, 1, 7, level, 0]));
    await client.endAsync();
  });
});

describe("passwords", () => {
  it("let the right device in, from the moment they are set", async () => {
    const file = join(folder, "passwords");
    await new PasswordFile(file).set("dev1", Buffer.from("secret one"));
    const port = await start({ passwords: new PasswordFile(file) });
    const login = (device: string, username: string, password: string) =>
      connectDevice(port, device, { username, password });
    for (let i = 0; i < 2; i++) await (await login("dev1", "dev1", "secret one")).endAsync();
    await expect(login("dev1", "dev1", "secret two")).rejects.toMatchObject({ code: 4 });
    await expect(login("dev2", "dev1", "secret one")).rejects.toMatchObject({ code: 4 });
    await expect(login("dev2", "dev2", "secret one")).rejects.toMatchObject({ code: 4 });
    await expect(connectDevice(port, "dev1")).rejects.toMatchObject({ code: 4 });
    await new PasswordFile(file).set("dev1", Buffer.from("secret two"));
    utimesSync(file, 1, 1);
    await (await login("dev1", "dev1", "secret two")).endAsync();
    await expect(login("dev1", "dev1", "secret one")).rejects.toMatchObject({ code: 4 });
    expect(readFileSync(file, "utf8")).not.toContain("secret");
  });

  it("name the line that is damaged", () => {
    const file = join(folder, "passwords");
    writeFileSync(file, "dev1:plain:secret\n");
    expect(() => new PasswordFile(file)).toThrow(/PASSWORDS_DAMAGED: .*line 1/);
  });
});

describe("in process, with a virtual clock", () => {
  it("settles when nothing is under way, and no timer of the broker fires", async () => {
    let now = 5_000_000_000;
    fleet = await startFleet({ store, now: () => now, realTimers: false });
    const [near, far] = duplexPair();
    fleet.attach(far);
    const received: Buffer[] = [];
    near.on("data", (chunk: Buffer) => received.push(chunk));
    // CONNECT with a keep-alive of one second, MQTT 3.1.1 §3.1.
    near.write(Buffer.from([0x10, 16, 0, 4, ...Buffer.from("MQTT"), 4, 0, 0, 1, 0, 4, ...Buffer.from("dev1")]));
    expect(fleet.pendingJobs()).toBeGreaterThanOrEqual(0);
    await fleet.settled();
    expect(Buffer.concat(received)).toEqual(Buffer.from([0x20, 2, 0, 0]));
    now += 60_000;
    const topic = Buffer.from("sertao/v1/dev1/results");
    const body = [0, topic.length, ...topic, 0, 9, ...resultsPayload(1)];
    near.write(Buffer.from([0x32, body.length, ...body]));
    await fleet.settled();
    expect(fleet.pendingJobs()).toBe(0);
    expect(Buffer.concat(received).subarray(4)).toEqual(Buffer.from([0x40, 2, 0, 9]));
    expect((await store.results({}))[0]).toMatchObject({ receivedAt: now, at: now - 100_000 + 90_000 });
    await new Promise((resolve) => setTimeout(resolve, 1700));
    expect(fleet.connections).toBe(1);
    near.destroy();
    await fleet.settled();
    expect(fleet.connections).toBe(0);
  });
});

describe("addresses", () => {
  it("are HOST:PORT", () => {
    expect(parseAddress("127.0.0.1:0")).toEqual({ host: "127.0.0.1", port: 0 });
    expect(parseAddress("[::1]:1883")).toEqual({ host: "::1", port: 1883 });
    for (const text of ["1883", "host", ":1883", "host:99999", "::1:1883", "host:x"]) {
      expect(() => parseAddress(text)).toThrow(/LISTEN_ADDRESS/);
    }
  });

  it("that are taken are named", async () => {
    const port = await start();
    const again = startFleet({ store, listen: { host: "127.0.0.1", port } });
    await expect(again).rejects.toThrow(`PORT_IN_USE: 127.0.0.1:${port} is in use`);
  });
});
