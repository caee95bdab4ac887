import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fleet, type FleetOptions, startFleet } from "../../../../scripts/fleet/fleet.js";
import { KeyFile } from "../../../../scripts/fleet/secrets/device-keys.js";
import { mosquittoAcl } from "../../../../scripts/fleet/mosquitto-acl.js";
import { SqliteStore } from "../../../../scripts/fleet/store/sqlite-store.js";
import type { Broker } from "../../../../scripts/simulate/brokers/broker.js";
import { mosquittoCommand, startMosquitto } from "../../../../scripts/simulate/brokers/mosquitto.js";
import { statusOfBoard } from "../device-client.js";
import { ScriptedDevice } from "./scripted-device.js";
import { image, publicKey, verified } from "./signed.js";

let store: SqliteStore;
let folder: string;
let fleet: Fleet;
let broker: Broker | undefined;
let told: string[];
let devices: ScriptedDevice[];

const observer: FleetOptions["observer"] = {
  offered: (device, update) => told.push(`${device} offered ${update?.sequence ?? "nothing"}`),
  updateState: (device, sequence, state, reason) => told.push(`${device} ${sequence} ${state} ${reason}`),
  updateKeyMissing: (device) => told.push(`${device} has no key`),
  updatesFailed: (error) => told.push(String(error)),
};

const embedded = {
  name: "the embedded broker",
  missing: false,
  async start(more: Partial<FleetOptions> = {}): Promise<void> {
    fleet = await startFleet({ store, observer, listen: { host: "127.0.0.1", port: 0 }, ...more });
  },
  port: () => fleet.address!.port,
};

const mosquitto = {
  name: "mosquitto with the rules of fleet acl (needs mosquitto)",
  missing: !mosquittoCommand,
  async start(more: Partial<FleetOptions> = {}): Promise<void> {
    broker ??= await startMosquitto({
      users: { collector: "cc", dev1: "dev1", dev2: "dev2" },
      acl: mosquittoAcl("collector"),
      extra: ["use_username_as_clientid true"],
    });
    fleet = await startFleet({ store, observer, brokerUrl: `mqtt://collector:cc@127.0.0.1:${broker.port}`, ...more });
  },
  port: () => broker!.port,
};

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`in vain: ${told.join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

for (const place of [embedded, mosquitto]) {
  describe.skipIf(place.missing)(`updates over ${place.name}`, () => {
    async function join1(id: string, board = "esp32"): Promise<ScriptedDevice> {
      const device = new ScriptedDevice(id);
      await device.connect(place.port(), place === mosquitto ? { username: id, password: id } : {});
      devices.push(device);
      await device.client.publishAsync(`sertao/v1/${id}/status`, statusOfBoard(board), { qos: 1, retain: true });
      await until(async () => (await store.devices()).some((row) => row.device === id && row.board === board));
      return device;
    }
    const publish = async (ids: readonly string[], ...updates: ReturnType<typeof verified>[]): Promise<void> => {
      await store.updates.publish(
        updates.map(({ update }) => update),
        ids,
        Date.now(),
      );
      await fleet.offerUpdates();
    };
    const phase = async (id: string, sequence: number): Promise<string | undefined> =>
      (await store.updates.ofDevice(id, sequence))?.phase;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "sertao-updates-"));
      store = SqliteStore.open(join(folder, "fleet.sqlite"));
      told = [];
      devices = [];
      broker = undefined;
    });
    afterEach(async () => {
      for (const device of devices) device.client.end(true);
      await fleet.stop();
      await broker?.dispose();
      await store.close();
      rmSync(folder, { recursive: true });
    });

    it("reach the devices they are for, whole, and are cleared when they are confirmed", async () => {
      await place.start();
      const [dev1, dev2] = [await join1("dev1"), await join1("dev2")];
      await publish(["dev1"], verified(100));
      const offer = (await dev1.offer())!;
      expect(offer).toMatchObject({ kind: 0, sequence: 100 });
      await dev1.report(100, 1, 0, 0, image.length);
      const { image: received, proof } = await dev1.fetch(offer, [publicKey]);
      expect([Buffer.from(received).equals(image), proof]).toEqual([true, "signature"]);
      for (const state of [2, 3]) await dev1.report(100, state);
      await until(async () => (await phase("dev1", 100)) === "fetched");
      expect(dev1.offers).toHaveLength(1);
      await dev1.report(100, 4);
      expect(await dev1.offer(2)).toBeUndefined();
      expect(await phase("dev1", 100)).toBe("over");
      await until(async () => (await store.updates.active()).length === 0);
      expect([dev2.offers, dev2.blocks]).toEqual([[], []]);
      expect(told).toEqual([
        "dev1 offered 100",
        "dev1 100 1 0",
        "dev1 100 2 0",
        "dev1 100 3 0",
        "dev1 100 4 0",
        "dev1 offered nothing",
      ]);
      const later = new ScriptedDevice("dev1");
      dev1.client.end(true);
      devices.push(later);
      await later.connect(place.port(), place === mosquitto ? { username: "dev1", password: "dev1" } : {});
      await later.report(100, 4);
      expect(later.offers.filter((each) => each !== undefined)).toEqual([]);
    });

    it.each([5, 6])("are cleared when a device says state %i, with its reason kept", async (state) => {
      await place.start();
      const dev1 = await join1("dev1");
      await publish(["dev1"], verified(100));
      await dev1.offer();
      await dev1.report(100, state, 209);
      expect(await dev1.offer(2)).toBeUndefined();
      expect(await store.updates.history("dev1")).toMatchObject([{ sequence: 100, state, reason: 209 }]);
    });

    it("of a pair come one after the other", async () => {
      await place.start();
      const dev1 = await join1("dev1");
      const application = {
        kind: "application",
        model: { operators: [1, 4], inputBytes: 4, outputBytes: 1, arenaBytes: 0, goldens: 0 },
      } as const;
      await publish(["dev1"], verified(100, { companion: 101 }), verified(101, { ...application, companion: 100 }));
      expect(await dev1.offer(1)).toMatchObject({ sequence: 100, kind: 0 });
      await dev1.report(100, 2);
      expect(await dev1.offer(2)).toMatchObject({ sequence: 101, kind: 1 });
      await dev1.fetch(dev1.offers[1]!, [publicKey]);
      for (const [sequence, state] of [
        [101, 2],
        [100, 3],
        [101, 3],
        [100, 4],
        [101, 4],
      ] as const)
        await dev1.report(sequence, state);
      expect(await dev1.offer(3)).toBeUndefined();
    });

    it("go on where they were when the collector is stopped in the middle and comes again", async () => {
      await place.start({ updateBytesPerSecond: 1_000_000 });
      const dev1 = await join1("dev1");
      await publish(["dev1"], verified(100));
      const offer = (await dev1.offer())!;
      const { manifest } = await dev1.fetch(offer, [publicKey]);
      dev1.flash.clear();
      expect(await dev1.image(manifest, 2)).toBeUndefined();
      const before = dev1.blocks.length;
      await fleet.stop();
      if (place === embedded) dev1.client.end(true);
      await place.start();
      if (place === embedded) await dev1.connect(place.port());
      const again = place === embedded ? await dev1.offer(2) : offer;
      expect(again).toEqual(offer);
      expect(Buffer.from((await dev1.image(manifest))!).equals(image)).toBe(true);
      expect(dev1.blocks.length - before).toBe(Math.ceil(image.length / 1024) - 3);
    });

    it("are taken away by another program, also while the collector is not there", async () => {
      await place.start();
      const dev1 = await join1("dev1");
      await publish(["dev1"], verified(100));
      await dev1.offer();
      const other = SqliteStore.open(join(folder, "fleet.sqlite"));
      await other.updates.withdraw(100, undefined, Date.now());
      expect(await dev1.offer(2)).toBeUndefined();
      await until(async () => (await store.updates.active()).length === 0);
      await publish(["dev1"], verified(101));
      expect(await dev1.offer(3)).toMatchObject({ sequence: 101 });
      await fleet.stop();
      await other.updates.withdraw(101, undefined, Date.now());
      await other.close();
      await place.start();
      if (place === mosquitto) expect(await dev1.offer(4)).toBeUndefined();
      await until(async () => (await store.updates.active()).length === 0);
    });

    it("do not keep a collector that stops while offers are on their way", async () => {
      await place.start();
      await publish(["dev1"], verified(100));
      await store.updates.publish([verified(101).update], ["dev1"], Date.now());
      void fleet.offerUpdates();
      await fleet.stop();
      await place.start();
      const dev1 = await join1("dev1");
      await until(() => dev1.offers.at(-1)?.sequence === 101);
    });

    it("are replaced by the next of their kind", async () => {
      await place.start();
      const dev1 = await join1("dev1");
      await publish(["dev1"], verified(100));
      await dev1.offer();
      await publish(["dev1"], verified(101));
      expect(await dev1.offer(2)).toMatchObject({ sequence: 101 });
      const replaced = dev1.request(100, 1, 0, 1024);
      await dev1.fetch(dev1.offers[1]!, [publicKey]);
      expect(dev1.blocks.some(({ id }) => id === replaced)).toBe(false);
      expect(await phase("dev1", 100)).toBe("superseded");
    });

    it("have a MAC for a board without SHA-256, once its key is known", async () => {
      const keys = new KeyFile(join(folder, "keys"));
      const key = Buffer.alloc(32, 7);
      await place.start({ keys });
      const dev1 = await join1("dev1", "esp8266-4mb");
      await publish(["dev1"], verified(100));
      await until(() => told.includes("dev1 has no key"));
      expect(dev1.offers).toEqual([]);
      keys.set("dev1", key);
      await dev1.client.publishAsync("sertao/v1/dev1/status", statusOfBoard("esp8266-4mb"), { qos: 1, retain: true });
      const offer = (await dev1.offer())!;
      expect(offer.size).toBeLessThan(1024);
      const { image: received, proof } = await dev1.fetch(offer, []);
      expect([Buffer.from(received).equals(image), proof]).toEqual([true, "mac"]);
      expect(JSON.stringify(dev1.blocks)).not.toContain(key.toString("hex"));
    });

    it("answer nothing that a device may not have, and correct it", async () => {
      await place.start();
      const [dev1, dev2] = [await join1("dev1"), await join1("dev2")];
      await publish(["dev1"], verified(100));
      await dev1.offer();
      dev2.request(100, 1, 0, 1024);
      dev2.request(100, 0, 0, 1024);
      expect(await dev2.offer()).toBeUndefined();
      for (const [sequence, part, first, count] of [
        [100, 1, 0xffffffff, 8192],
        [99, 1, 0, 1],
        [100, 2, 0, 1],
        [100, 1, 0, 0],
        [100, 1, 0, 1e9],
        [2 ** 40, 0, 0, 1],
      ] as const)
        dev1.request(sequence, part, first, count);
      const last = dev1.request(100, 0, 0, 10);
      await until(() => dev1.blocks.length > 0);
      expect(dev1.blocks.map(({ id }) => id)).toEqual([last]);
      expect(dev2.blocks).toEqual([]);
    });
  });
}

describe.skipIf(!mosquittoCommand)("offers at a broker that forgets (needs mosquitto)", () => {
  it("are told again when it comes back without them", async () => {
    folder = mkdtempSync(join(tmpdir(), "sertao-updates-"));
    store = SqliteStore.open(":memory:");
    told = [];
    const first = await startMosquitto();
    await store.updates.publish([verified(100).update], ["dev1"], 0);
    fleet = await startFleet({ store, observer, brokerUrl: `mqtt://127.0.0.1:${first.port}` });
    await until(() => told.length > 0);
    await first.stop();
    await first.dispose();
    const second = await startMosquitto({ port: first.port });
    try {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${first.port}`);
      const heard: number[] = [];
      client.on("message", (_topic, payload) => heard.push(payload.length));
      await client.subscribeAsync("sertao/v1/dev1/update/offer", { qos: 1 });
      await until(() => heard.length > 0);
      expect(heard[0]).toBeGreaterThan(0);
      await client.endAsync();
    } finally {
      await fleet.stop();
      await second.dispose();
      await store.close();
      rmSync(folder, { recursive: true });
    }
  });
});
