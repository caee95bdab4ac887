import { Encoder } from "cbor-x";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CborReader } from "../../../../lib/core/cbor-reader.js";
import type { Topic } from "../../../../lib/uplink/topics.js";
import { Collector } from "../../../../scripts/fleet/collector/collector.js";
import { SqliteStore } from "../../../../scripts/fleet/store/sqlite-store.js";
import { UpdateHost } from "../../../../scripts/fleet/updates/update-host.js";
import { verified } from "./signed.js";

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

interface Sent {
  device: string;
  topic: string;
  payload: Uint8Array;
}

let store: SqliteStore;
let sent: Sent[];
let problems: unknown[];
let nowMs: number;
let broker: { fails: boolean };
let host: UpdateHost;
let collector: Collector;

const offersOf = (device: string): number[] =>
  sent.filter((each) => each.device === device && each.topic === "update/offer").map(({ payload }) => payload.length);
const blocks = (): Sent[] => sent.filter(({ topic }) => topic === "update/block");

function newHost(): UpdateHost {
  return new UpdateHost({
    store: store.updates,
    keys: undefined,
    bytesPerSecond: Infinity,
    now: () => nowMs,
    later: () => () => undefined,
    publish: async (device: string, topic: Topic, payload: Uint8Array) => {
      if (broker.fails) throw new Error("gone");
      sent.push({ device, topic: topic.name, payload });
    },
    failed: (error) => problems.push(error),
    observer: {},
  });
}

beforeEach(() => {
  store = SqliteStore.open(":memory:");
  sent = [];
  problems = [];
  nowMs = 1_000_000;
  broker = { fails: false };
  host = newHost();
  collector = new Collector(store, {
    now: () => nowMs,
    answerRequest: (device, request) => host.request(device, request),
    committed: (arrival, outcome) => void host.heard(arrival, outcome),
  });
});
afterEach(async () => {
  expect(problems).toEqual([]);
  host.stop();
  await store.close();
});

const publish = (sequence: number, ...devices: string[]) =>
  store.updates.publish([verified(sequence).update], devices, nowMs);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("requests that are hostile", () => {
  it("get blocks of the device's own update or nothing, and end nothing", async () => {
    await publish(100, "dev1");
    await publish(200, "dev2");
    await host.sync();
    sent = [];
    const odd = fc.constantFrom(
      0,
      1,
      2,
      100,
      200,
      1024,
      8191,
      8192,
      8193,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 53,
      -1,
      0.5,
    );
    const item = fc.oneof(
      odd,
      odd,
      fc.nat(9000),
      fc.string({ maxLength: 5 }),
      fc.constant(null),
      fc.uint8Array({ maxLength: 5 }),
    );
    const payload = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(
            fc.constant(1),
            fc.nat(99),
            fc.constantFrom(100, 200, 300),
            fc.nat(1),
            odd,
            fc.integer({ min: 1, max: 8192 }),
          )
          .map((items) => encoder.encode(items)),
      },
      { weight: 3, arbitrary: fc.array(item, { maxLength: 9 }).map((items) => encoder.encode([1, ...items])) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("dev1", "dev2", "dev3"), payload, async (device, bytes) => {
        const before = sent.length;
        await collector.receive({ device, name: "update/request", payload: Uint8Array.from(bytes) });
        await Promise.resolve();
        const own = device === "dev1" ? 100 : 200;
        for (const each of sent.slice(before)) {
          expect(each.device).toBe(device);
          if (each.topic === "update/offer") continue;
          const [, id, sequence] = encoder.decode(bytes) as unknown[];
          expect([device === "dev3", sequence]).toEqual([false, own]);
          const reader = new CborReader(each.payload, 0, each.payload.length);
          reader.array();
          expect([reader.unsigned(), reader.unsigned()]).toEqual([1, id]);
        }
      }),
      { seed: 612, numRuns: 600 },
    );
    await settle();
    expect(blocks().length).toBeGreaterThan(50);
    expect(offersOf("dev3").every((length) => length === 0)).toBe(true);
  });

  it("that flood are not committed one by one, and corrected once a minute", async () => {
    await publish(100, "dev1");
    await host.sync();
    const commits: number[] = [];
    const commit = store.commit.bind(store);
    store.commit = (arrivals) => (commits.push(arrivals.length), commit(arrivals));
    const payload = (sequence: number): Uint8Array => encoder.encode([1, 1, sequence, 1, 0, 8192]);
    for (let i = 0; i < 500; i++)
      for (const [device, sequence] of [
        ["dev1", 100],
        ["dev1", 99],
        ["dev2", 100],
      ] as const)
        await collector.receive({ device, name: "update/request", payload: payload(sequence) });
    expect(commits).toEqual([1, 1]);
    expect([offersOf("dev1").length, offersOf("dev2")]).toEqual([2, [0]]);
    nowMs += 61_000;
    await collector.receive({ device: "dev2", name: "update/request", payload: payload(100) });
    await settle();
    expect([commits, offersOf("dev2")]).toEqual([
      [1, 1, 1],
      [0, 0],
    ]);
  });
});

describe("offers", () => {
  it("that the broker did not get are told to the next one", async () => {
    await publish(100, "dev1");
    broker.fails = true;
    await host.sync();
    expect(host.isBehind).toBe(true);
    broker.fails = false;
    await host.sync();
    expect(host.isBehind).toBe(false);
    await host.sync();
    expect(offersOf("dev1")).toHaveLength(1);
  });

  it("are told again after a start, and taken away where the last run did not come to it", async () => {
    await publish(100, "dev1", "dev2");
    await host.sync();
    await store.updates.withdraw(100, ["dev1"], nowMs);
    sent = [];
    host = newHost();
    await host.sync();
    expect([offersOf("dev1"), offersOf("dev2")]).toEqual([[0], [42]]);
    sent = [];
    host = newHost();
    await host.sync();
    expect([offersOf("dev1"), offersOf("dev2").length]).toEqual([[], 1]);
  });

  it("are remembered before the broker is told, so that a crash in between leaves none behind", async () => {
    await publish(100, "dev1");
    let remembered: boolean | undefined;
    const { offering } = store.updates;
    store.updates.offering = async (offers) => {
      await offering.call(store.updates, offers);
      remembered = sent.length === 0;
    };
    await host.sync();
    expect([remembered, (await store.updates.active())[0]!.retained]).toEqual([true, true]);
  });

  it("of a change of keys have an envelope and no image", async () => {
    const change = verified(100, { kind: "key", key: { slot: "working" } }, new Uint8Array(0));
    await store.updates.publish([change.update], ["dev1"], nowMs);
    await host.sync();
    expect(sent[0]!.payload.subarray(0, 3)).toEqual(Uint8Array.of(0x85, 1, 3));
    const ask = (part: 0 | 1): Promise<void> =>
      host.request("dev1", { kind: "update/request", id: 1, sequence: 100, part, first: 0, count: 8192 });
    await ask(1);
    await settle();
    expect(blocks()).toEqual([]);
    await ask(0);
    await settle();
    expect(blocks().length).toBe(Math.ceil(change.update.envelope.length / 2048));
  });

  it("are taken from a device that is forgotten", async () => {
    await publish(100, "dev1");
    await host.sync();
    await store.forget("dev1");
    await host.sync();
    expect(offersOf("dev1").map((length) => length > 0)).toEqual([true, false]);
  });

  it("change to a MAC's when a device turns out to be of a board without SHA-256", async () => {
    await publish(100, "dev1");
    await host.sync();
    const [signed] = sent;
    const message = { kind: "status", state: 1, board: "pixljs" } as const;
    const missing: string[] = [];
    const keyed = new UpdateHost({
      store: store.updates,
      keys: { find: (device) => (missing.push(device), new Uint8Array(32)) },
      bytesPerSecond: Infinity,
      now: () => nowMs,
      later: () => () => undefined,
      publish: async (device, topic, payload) => void sent.push({ device, topic: topic.name, payload }),
      failed: (error) => problems.push(error),
      observer: {},
    });
    await keyed.sync();
    const arrival = { device: "dev1", receivedAt: nowMs, message };
    const [outcome] = await store.commit([arrival]);
    await keyed.heard(arrival, outcome!);
    await keyed.heard(arrival, outcome!);
    expect(sent).toHaveLength(3);
    expect(sent[2]!.payload).not.toEqual(signed!.payload);
  });

  it("stay as they are where the store fails, and follow when it is back", async () => {
    const { active } = store.updates;
    store.updates.active = () => Promise.reject(new Error("locked"));
    await publish(100, "dev1");
    await host.sync();
    expect(problems.splice(0)).toEqual([new Error("locked")]);
    expect(host.isBehind).toBe(true);
    store.updates.active = active;
    await host.sync();
    expect(offersOf("dev1")).toHaveLength(1);
  });
});
