import type { MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { macProof } from "../../../../lib/update/mac-proof.js";
import { UpdateKind } from "../../../../lib/update/manifest.js";
import { encodeNumbers, UpdateState } from "../../../../lib/update/update-state.js";
import { decodeCbor } from "../../../../scripts/fleet/messages/decode-cbor.js";
import { type Fleet, startFleet } from "../../../../scripts/fleet/fleet.js";
import { SqliteStore } from "../../../../scripts/fleet/store/sqlite-store.js";
import { openForPublishing } from "../../../../scripts/fleet/updates/publish.js";
import { encodeUpdateFile } from "../../../../scripts/ota/update-file.js";
import { FetchingDevice, ORCHARD_TRAITS } from "../../../../scripts/simulate/update/fetching-device.js";
import { installedFlash } from "../../../../scripts/simulate/update/installed-flash.js";
import { image, modelUpdate, publicKey, signUpdate } from "../../../update/signed-update.js";
import { connectDevice, statusOfBoard } from "../device-client.js";

const ID = ORCHARD_TRAITS.device;
const topic = (name: string): string => `sertao/v1/${ID}/${name}`;
const key = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const installation = {
  keys: [publicKey, new Uint8Array(0)],
  deviceKey: key,
  application: Buffer.from("application"),
  model: Buffer.from("model"),
  slotBytes: 24576,
};

let store: SqliteStore;
let fleet: Fleet;
let client: MqttClient;

beforeEach(async () => {
  store = SqliteStore.open(":memory:");
  const listen = { host: "127.0.0.1", port: 0 };
  fleet = await startFleet({ store, listen, keys: { find: () => key }, updateBytesPerSecond: 200_000 });
  client = await connectDevice(fleet.address!.port, ID);
});
afterEach(async () => {
  client.end(true);
  await fleet.stop();
  await store.close();
});

/** Lets the agent do what it can, and sends what it says. */
function pump(device: FetchingDevice): void {
  device.clock.settle();
  for (const request of device.requests.splice(0)) client.publish(topic("update/request"), Buffer.from(request));
  for (const state of device.states.splice(0))
    client.publish(topic("update/state"), Buffer.from(encodeNumbers([1, ...state])), { qos: 1 });
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error("in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("the agent of a device and the collector", () => {
  it.each([
    ["esp32", "a signature", {}],
    ["esp8266-4mb", "a MAC", { proof: macProof(key) }],
  ])("bring an update to an %s, proved by %s", async (board, _proof, traits) => {
    const flash = installedFlash(installation);
    const device = new FetchingDevice(flash, { ...ORCHARD_TRAITS, board, ...traits });
    const offers: number[] = [];
    client.on("message", (name, payload) => {
      if (name === topic("update/block")) device.hear(Uint8Array.from(payload));
      else if (offers.push(payload.length) && payload.length > 0) device.offer(Uint8Array.from(payload));
      pump(device);
    });
    await client.publishAsync(topic("status"), statusOfBoard(board), { qos: 1 });
    await client.subscribeAsync({ [topic("update/offer")]: { qos: 1 }, [topic("update/block")]: { qos: 0 } });
    const file = encodeUpdateFile({ envelope: signUpdate(1, { ...modelUpdate, boards: [board] }), image });
    await store.updates.publish([openForPublishing(file, "test.update", [publicKey]).update], [ID], Date.now());
    await fleet.offerUpdates();
    await until(() => device.closed === "restart");
    await until(async () => (await store.updates.ofDevice(ID, modelUpdate.sequence))?.state === UpdateState.STAGED);
    const next = new FetchingDevice(flash);
    expect(next.slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
    expect(Buffer.from(next.files.read("model.b")!, 0, image.length).equals(image)).toBe(true);
    device.states.push([modelUpdate.sequence, UpdateState.CONFIRMED, 0, 10, 10]);
    pump(device);
    await until(() => offers.length === 2);
    expect(offers[1]).toBe(0);
  });

  it("go on where they were with another broker and another collector, after a power cut", async () => {
    const flash = installedFlash(installation);
    const file = encodeUpdateFile({ envelope: signUpdate(2, modelUpdate), image });
    const published = openForPublishing(file, "test.update", [publicKey]).update;
    const asked: number[] = [];
    let most = 4;
    let device = new FetchingDevice(flash);
    const listen = async (): Promise<void> => {
      client.on("message", (name, payload) => {
        if (most-- <= 0) return;
        if (name === topic("update/block")) device.hear(Uint8Array.from(payload));
        else if (payload.length > 0) device.offer(Uint8Array.from(payload));
        device.clock.settle();
        for (const request of device.requests) asked.push(firstOf(request));
        pump(device);
      });
      await client.publishAsync(topic("status"), statusOfBoard("esp32"), { qos: 1 });
      await client.subscribeAsync({ [topic("update/offer")]: { qos: 1 }, [topic("update/block")]: { qos: 0 } });
      await store.updates.publish([published], [ID], Date.now());
      await fleet.offerUpdates();
    };
    await listen();
    await until(() => most <= 0);
    client.end(true);
    await fleet.stop();
    await store.close();
    const before = asked.splice(0);

    store = SqliteStore.open(":memory:");
    fleet = await startFleet({ store, listen: { host: "127.0.0.1", port: 0 }, updateBytesPerSecond: 200_000 });
    client = await connectDevice(fleet.address!.port, ID);
    device = new FetchingDevice(flash);
    most = Infinity;
    await listen();
    await until(() => device.closed === "restart");
    expect(before.length).toBeGreaterThan(2);
    // What the last request before was for had not come.
    expect(asked[0]).toBeGreaterThanOrEqual(before.at(-1)!);
    expect(new FetchingDevice(flash).slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
  });
});

/** Part and first address of a request. */
function firstOf(request: Uint8Array): number {
  const [, , , part, first] = decodeCbor(request) as number[];
  return part! * 65_536 + first!;
}
