import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Arrival, Store } from "../../scripts/fleet/store/store.js";
import type { PublishedUpdate } from "../../scripts/fleet/store/update-store.js";

const T0 = Date.UTC(2026, 2, 1);

function published(sequence: number, more: Partial<PublishedUpdate> = {}): PublishedUpdate {
  const [envelope, image] = [Uint8Array.of(sequence % 256, 255), Uint8Array.of(0, 1, 2)];
  return { sequence, kind: "model", keySlot: "", companion: 0, envelope, image, ...more };
}

/** `update/state` of a device. */
function state(
  sequence: number,
  number: number,
  more: Partial<{ reason: number; done: number; at: number; device: string }> = {},
): Arrival {
  const { reason = 0, done = 0, at = 0, device = "dev1" } = more;
  const message = { kind: "update/state", sequence, state: number, reason, done, total: 100 } as const;
  return { device, receivedAt: T0 + at, message };
}

/** A model and an application that become active together. */
const pair = (first: number): PublishedUpdate[] => [
  published(first, { companion: first + 1 }),
  published(first + 1, { kind: "application", companion: first }),
];

/** What every UpdateStore must do. */
export function updateStoreContract(name: string, open: () => Store): void {
  describe(`update store contract: ${name}`, () => {
    let store: Store;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    const phases = async (device = "dev1"): Promise<string[]> =>
      (await store.updates.ofDevices(device)).map(({ sequence, phase }) => `${sequence} ${phase}`);
    const say = (...arrivals: Arrival[]) => store.commit(arrivals);

    it("keeps an update with its bytes, and the devices it is for", async () => {
      expect(await store.updates.publish([published(5)], ["dev1", "dev2"], T0)).toEqual({
        published: ["dev1", "dev2"],
        known: [],
      });
      expect(await store.updates.update(5)).toEqual({ ...published(5), publishedAt: T0 });
      expect(await store.updates.update(6)).toBeUndefined();
      const { image: _image, ...listed } = published(5);
      expect(await store.updates.updates()).toEqual([{ ...listed, publishedAt: T0 }]);
      expect(await store.updates.ofDevice("dev2", 5)).toEqual({
        device: "dev2",
        sequence: 5,
        kind: "model",
        companion: 0,
        phase: "open",
        publishedAt: T0,
        changedAt: T0,
        state: 0,
        reason: 0,
        done: 0,
        total: 0,
        retained: false,
        board: null,
      });
      expect(await store.updates.ofDevice("dev3", 5)).toBeUndefined();
    });

    it("publishes to more devices later, and to none twice", async () => {
      await store.updates.publish([published(5)], ["dev1"], T0);
      expect(await store.updates.publish([published(5)], ["dev1", "dev2"], T0 + 1)).toEqual({
        published: ["dev2"],
        known: ["dev1"],
      });
      expect(await store.updates.ofDevice("dev1", 5)).toMatchObject({ publishedAt: T0 });
    });

    it("refuses another update under a sequence that is taken", async () => {
      await store.updates.publish([published(5)], ["dev1"], T0);
      const other = published(5, { envelope: Uint8Array.of(1) });
      await expect(store.updates.publish([other], ["dev2"], T0)).rejects.toThrow(/OTA_SEQUENCE_TAKEN/);
      expect(await phases("dev2")).toEqual([]);
    });

    it("refuses a sequence that is not above what a device was offered or has spoken of, and publishes nothing then", async () => {
      await store.updates.publish([published(7)], ["dev1"], T0);
      await say(state(9, 4, { device: "dev2" }));
      for (const [device, sequence] of [
        ["dev1", 6],
        ["dev2", 8],
      ] as const)
        await expect(store.updates.publish([published(sequence)], ["dev3", device], T0)).rejects.toThrow(
          /OTA_SEQUENCE_OLD/,
        );
      expect(await phases("dev3")).toEqual([]);
      expect([...(await store.updates.greatestSequences([]))]).toEqual([
        ["dev1", 7],
        ["dev2", 9],
      ]);
      expect([...(await store.updates.greatestSequences([9]))]).toEqual([["dev1", 7]]);
      await store.updates.publish([published(10)], ["dev2"], T0);
    });

    it("supersedes what is of the same kind and not fetched yet", async () => {
      await store.updates.publish([published(1)], ["dev1"], T0);
      await say(state(1, 3));
      await store.updates.publish([published(2)], ["dev1"], T0);
      await store.updates.publish([published(3, { kind: "config" })], ["dev1"], T0);
      await say(state(2, 1, { done: 50 }));
      await store.updates.publish([published(4)], ["dev1"], T0);
      expect(await phases()).toEqual(["1 fetched", "2 superseded", "3 open", "4 open"]);
    });

    it("tells changes of the two keys apart", async () => {
      const key = (sequence: number, keySlot: string) => published(sequence, { kind: "key", keySlot });
      await store.updates.publish([key(1, "working")], ["dev1"], T0);
      await store.updates.publish([key(2, "spare")], ["dev1"], T0);
      await store.updates.publish([key(3, "spare")], ["dev1"], T0);
      expect(await phases()).toEqual(["1 open", "2 superseded", "3 open"]);
    });

    it("supersedes a pair whole, also where one of it waits on the device for the other", async () => {
      await store.updates.publish(pair(1), ["dev1"], T0);
      await say(state(1, 2));
      expect(await phases()).toEqual(["1 fetched", "2 open"]);
      await store.updates.publish([published(3, { kind: "application" })], ["dev1"], T0);
      expect(await phases()).toEqual(["1 superseded", "2 superseded", "3 open"]);
    });

    it("follows what a device says, and never back", async () => {
      await store.updates.publish([published(5)], ["dev1"], T0);
      const reports = [
        [1, "open"],
        [2, "fetched"],
        [1, "fetched"],
        [3, "fetched"],
        [4, "over"],
        [1, "over"],
        [3, "over"],
      ] as const;
      for (const [number, phase] of reports) {
        await say(state(5, number));
        expect(await phases()).toEqual([`5 ${phase}`]);
      }
      expect(await store.updates.ofDevice("dev1", 5)).toMatchObject({ state: 4 });
      await say(state(5, 99));
      expect(await phases()).toEqual(["5 over"]);
    });

    it.each([4, 5, 6])("ends with state %i, whatever came before", async (number) => {
      await store.updates.publish([published(5)], ["dev1"], T0);
      await say(state(5, number, { reason: 607 }));
      expect(await store.updates.ofDevice("dev1", 5)).toMatchObject({ phase: "over", state: number, reason: 607 });
    });

    it("keeps a row for each change of what a device says, and only the progress of repeats", async () => {
      await store.updates.publish([published(5)], ["dev1"], T0);
      const outcomes = await say(
        state(5, 1, { done: 10, at: 1 }),
        state(5, 1, { done: 20, at: 2 }),
        state(5, 2, { done: 100, at: 3 }),
        state(5, 2, { done: 100, at: 4 }),
        state(5, 5, { reason: 607, at: 5 }),
      );
      expect(outcomes.map(({ isNews }) => isNews)).toEqual([true, false, true, false, true]);
      expect(await store.updates.history("dev1")).toEqual(
        [
          [1, 0, 1],
          [2, 0, 3],
          [5, 607, 5],
        ].map(([number, reason, at]) => ({
          device: "dev1",
          sequence: 5,
          state: number,
          reason,
          receivedAt: T0 + at!,
        })),
      );
      expect(await store.updates.ofDevice("dev1", 5)).toMatchObject({ changedAt: T0 + 5 });
      await say(state(8, 1, { device: "dev2" }));
      expect(await store.updates.history()).toHaveLength(4);
    });

    it("keeps the last thousand states of a device that changes its mind without end", async () => {
      await say(...Array.from({ length: 1100 }, (_, i) => state(i % 7, i % 5, { at: i })));
      const rows = await store.updates.history("dev1");
      expect(rows).toHaveLength(1000);
      expect(rows.at(-1)).toMatchObject({ receivedAt: T0 + 1099 });
    });

    it("takes an update back from devices that do not have it, and lets it be published again", async () => {
      await store.updates.publish([published(5)], ["dev1", "dev2", "dev3"], T0);
      await say(state(5, 1), state(5, 3, { device: "dev2" }));
      expect(await store.updates.withdraw(5, ["dev1", "dev2", "dev9"], T0)).toEqual({
        withdrawn: ["dev1"],
        fetched: ["dev2"],
      });
      expect(await store.updates.withdraw(5, undefined, T0)).toEqual({ withdrawn: ["dev3"], fetched: ["dev2"] });
      expect(await store.updates.withdraw(5, ["dev1"], T0)).toEqual({ withdrawn: [], fetched: [] });
      expect([await phases("dev1"), await phases("dev2")]).toEqual([["5 withdrawn"], ["5 fetched"]]);
      expect(await store.updates.publish([published(5)], ["dev1"], T0 + 9)).toMatchObject({ published: ["dev1"] });
      expect(await phases("dev1")).toEqual(["5 open"]);
    });

    it("takes a pair back whole", async () => {
      await store.updates.publish(pair(1), ["dev1", "dev2"], T0);
      await say(state(1, 2), state(1, 2, { device: "dev2" }), state(2, 2, { device: "dev2" }));
      expect(await store.updates.withdraw(1, undefined, T0)).toEqual({ withdrawn: ["dev1"], fetched: ["dev2"] });
      expect(await phases()).toEqual(["1 withdrawn", "2 withdrawn"]);
      expect(await phases("dev2")).toEqual(["1 fetched", "2 fetched"]);
    });

    it("remembers what a broker may hold", async () => {
      await store.updates.publish([published(5)], ["dev1"], T0);
      await store.updates.publish([published(6)], ["dev1"], T0);
      await store.updates.offering([
        { device: "dev1", sequence: 5 },
        { device: "dev1", sequence: 6 },
      ]);
      const retained = async () =>
        (await store.updates.active("dev1")).filter((each) => each.retained).map((each) => each.sequence);
      expect(await retained()).toEqual([5, 6]);
      await store.updates.offered("dev1", 6);
      expect(await retained()).toEqual([6]);
      await say(state(6, 4));
      expect((await store.updates.active()).map(({ sequence, phase }) => [sequence, phase])).toEqual([[6, "over"]]);
      await store.updates.offered("dev1", undefined);
      expect(await store.updates.active()).toEqual([]);
    });

    it("tells the board of a device with its updates", async () => {
      await store.updates.publish([published(5)], ["dev1"], T0);
      await say({ device: "dev1", receivedAt: T0, message: { kind: "status", state: 1, board: "pixljs" } });
      expect((await store.updates.active())[0]).toMatchObject({ board: "pixljs" });
    });

    it("gives devices tags and takes them away", async () => {
      await store.updates.tag(["dev1", "dev2"], ["north", "canary"], false);
      await store.updates.tag(["dev1"], ["north"], false);
      await store.updates.tag(["dev2"], ["north", "none"], true);
      expect([...(await store.updates.tags())]).toEqual([
        ["dev1", ["canary", "north"]],
        ["dev2", ["canary"]],
      ]);
    });

    it("forgets a device's updates, states and tags with it", async () => {
      await store.updates.publish([published(5)], ["dev1", "dev2"], T0);
      await store.updates.tag(["dev1", "dev2"], ["north"], false);
      await say(state(5, 4));
      expect(await store.forget("dev1")).toBe(true);
      expect([await phases("dev1"), await store.updates.history("dev1")]).toEqual([[], []]);
      expect([...(await store.updates.tags()).keys()]).toEqual(["dev2"]);
      expect(await phases("dev2")).toEqual(["5 open"]);
    });
  });
}
