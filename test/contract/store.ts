import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Results } from "../../scripts/fleet/messages/results.js";
import type { Status } from "../../scripts/fleet/messages/status.js";
import type { Arrival, Store } from "../../scripts/fleet/store/store.js";

const T0 = Date.UTC(2026, 2, 1);

interface Part {
  incarnation?: number;
  epoch?: number;
  sentAtSec?: number;
  priority?: number;
  value?: number | null;
  epochSec?: number;
  device?: string;
  receivedAt?: number;
}

/** A results message with one record for each sequence. */
export function results(sequences: readonly number[], part: Part = {}): Arrival {
  const { device = "dev1", receivedAt = T0 } = part;
  const message: Results = {
    kind: "results",
    incarnation: part.incarnation ?? 7,
    epoch: part.epoch ?? 1,
    modelId: 5,
    modelVersion: 6,
    sentAtSec: part.sentAtSec ?? 100,
    records: sequences.map((sequence) => ({
      sequence,
      priority: part.priority ?? 0,
      name: "app/risk",
      value: part.value === undefined ? sequence / 4 : part.value,
      epochSec: part.epochSec ?? 50,
      unixSec: null,
    })),
  };
  return { device, receivedAt, message };
}

function status(part: Partial<Status>, more: Partial<Arrival> = {}): Arrival {
  return { device: "dev1", receivedAt: T0, message: { kind: "status", state: 1, ...part }, ...more };
}

/** What every Store must do. */
export function storeContract(name: string, open: () => Store): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    /** Commits arrivals, and says what is acknowledged after the last. */
    const levels = async (...arrivals: Arrival[]) =>
      (await store.commit(arrivals.map((arrival) => ({ ...arrival, asksLevels: true })))).at(-1)!.levels;
    const device = async (id = "dev1") => (await store.devices()).find((row) => row.device === id)!;

    it("stores records once and drops equal repeats, also within one commit", async () => {
      expect(await store.commit([results([1, 2]), results([1, 2])])).toEqual([
        { stored: 2, repeats: 0, conflicts: 0 },
        { stored: 0, repeats: 2, conflicts: 0 },
      ]);
      expect(await store.commit([results([2, 3], { sentAtSec: 900 })])).toEqual([
        { stored: 1, repeats: 1, conflicts: 0 },
      ]);
      expect((await store.results({})).map((row) => row.sequence)).toEqual([1, 2, 3]);
      expect(await store.totals()).toEqual({ devices: 1, records: 3, repeats: 3, conflicts: 0, refused: 0 });
    });

    it.each([
      ["value", { value: 9 }],
      ["epoch", { epoch: 2 }],
      ["time", { epochSec: 51 }],
      ["a value that is no number", { value: null }],
    ])("keeps another %s under a taken identity as a conflict", async (_name, part) => {
      await store.commit([results([1])]);
      expect(await store.commit([results([1], part)])).toEqual([{ stored: 0, repeats: 0, conflicts: 1 }]);
      expect(await store.commit([results([1], part)])).toEqual([{ stored: 0, repeats: 1, conflicts: 0 }]);
      expect((await store.results({})).map((row) => row.value)).toEqual([0.25]);
      expect(await store.conflicts("dev1")).toMatchObject([{ incarnation: 7, sequence: 1 }]);
      expect((await device()).conflicts).toBe(1);
    });

    it("tells infinities and missing numbers apart", async () => {
      await store.commit([results([1], { value: Infinity }), results([2], { value: null })]);
      const again = [
        results([1], { value: -Infinity }),
        results([1], { value: Infinity }),
        results([2], { value: null }),
      ];
      const outcomes = await store.commit(again);
      expect(outcomes.map((outcome) => outcome.conflicts)).toEqual([1, 0, 0]);
    });

    it("keeps the same sequence of another incarnation or device apart", async () => {
      await store.commit([results([1]), results([1], { incarnation: 8 }), results([1], { device: "dev2" })]);
      expect((await store.totals()).records).toBe(3);
    });

    it("takes a batch whole or not at all", async () => {
      await store.commit([results([1])]);
      const broken = { ...results([2]), device: {} as unknown as string };
      await expect(store.commit([results([5]), broken])).rejects.toThrow();
      expect((await store.results({})).map((row) => row.sequence)).toEqual([1]);
      await store.commit([results([6])]);
      expect((await store.totals()).records).toBe(2);
    });

    it("lists gaps, and what evictions explain of them", async () => {
      await store.commit([results([3, 4, 8]), results([1], { incarnation: 9 })]);
      expect(await store.gaps("dev1")).toEqual([
        { device: "dev1", incarnation: 7, first: 1, last: 2 },
        { device: "dev1", incarnation: 7, first: 5, last: 7 },
      ]);
      expect(await device()).toMatchObject({ missing: 5, unexplained: 5 });
      await store.commit([status({ incarnation: 7, evicted: { normal: 3, alarm: 1 } })]);
      expect(await device()).toMatchObject({ missing: 5, evicted: 4, unexplained: 1 });
      await store.commit([results([1, 2, 5, 6, 7])]);
      expect(await device()).toMatchObject({ missing: 0, unexplained: 0 });
      expect(await store.gaps("dev1")).toEqual([]);
    });

    it("acknowledges a class up to the last record of it that came, and never less than before", async () => {
      expect(await levels(results([40, 41]))).toEqual({ normal: 41, alarm: 0 });
      expect(await levels(results([47], { priority: 1 }))).toEqual({ normal: 41, alarm: 47 });
      expect(await levels(results([40]))).toEqual({ normal: 41, alarm: 47 });
      expect(await levels(results([3], { incarnation: 8 }))).toEqual({ normal: 3, alarm: 0 });
      expect(await levels(results([42]), status({ incarnation: 7 }))).toBeUndefined();
    });

    it("places records in time, bounded by the fastest message and the epoch before", async () => {
      const slow = results([1], { sentAtSec: 100, receivedAt: T0 + 140_000 });
      const fast = results([2], { sentAtSec: 110, receivedAt: T0 + 111_000 });
      await store.commit([slow, fast]);
      expect(await store.results({})).toMatchObject([
        { sequence: 2, at: T0 + 1000 + 50_000, earliest: null },
        { sequence: 1, at: T0 + 1000 + 50_000, earliest: null },
      ]);
      const alive = status(
        { incarnation: 7, epoch: 1, epochSec: 300 },
        { connectedAt: T0 + 200_000, receivedAt: T0 + 301_000 },
      );
      const later = results([3], { epoch: 2, sentAtSec: 60, receivedAt: T0 + 500_000 });
      await store.commit([alive, later]);
      const [, , last] = await store.results({});
      expect(last).toMatchObject({ at: T0 + 440_000 + 50_000, earliest: T0 + 200_000 + 50_000 });
    });

    it("bounds records on both sides once their device has accepted a time", async () => {
      const unixSec = T0 / 1000;
      const early = status({ incarnation: 7, epoch: 1, epochSec: 10 }, { receivedAt: T0 + 500 });
      const timed = { unixSec: unixSec + 1, epochSec: 11 };
      const after = status({ incarnation: 7, epoch: 1, epochSec: 20, timed }, { receivedAt: T0 + 10_700 });
      await store.commit([early, results([1], { sentAtSec: 15, epochSec: 12, receivedAt: T0 + 6000 }), after]);
      const start = T0 - 10_000;
      expect(await store.results({})).toMatchObject([
        { sequence: 1, at: start + 500 + 12_000, earliest: start - 2000 + 12_000 },
      ]);
      // A later time that says less changes nothing, one that says more does.
      const worse = { unixSec: unixSec + 50, epochSec: 65 };
      const better = { unixSec: unixSec + 90, epochSec: 99 };
      for (const more of [worse, better])
        await store.commit([
          status({ incarnation: 7, epoch: 1, epochSec: 100, timed: more }, { receivedAt: T0 + 91_000 }),
        ]);
      expect((await store.results({}))[0]).toMatchObject({ earliest: start - 1000 + 12_000 });
    });

    it("tells how clocks ran, epoch by epoch, from all that was sent in the epoch", async () => {
      const hour = 3600;
      const send = (epoch: number, sec: number, lateSec: number): Arrival =>
        results([epoch * 10_000 + sec / hour], {
          epoch,
          epochSec: sec - 5,
          sentAtSec: sec,
          receivedAt: T0 + (sec + lateSec) * 1000,
        });
      const hours = (count: number): number[] => Array.from({ length: count }, (_, i) => (i + 1) * hour);
      // Epoch 1 loses ten minutes after its twelfth hour; a late message in each hour makes no difference.
      for (const sec of hours(24)) await store.commit([send(1, sec, 900), send(1, sec + 1, sec > 12 * hour ? 601 : 1)]);
      expect(await store.clocks("dev1")).toMatchObject([
        {
          incarnation: 7,
          epoch: 1,
          jumps: [{ at: T0 + (13 * hour + 602) * 1000, byMs: -600_000 }],
          contradictionMs: 0,
        },
      ]);
      // Of an epoch that is over only the records come, hours old, and of a retained copy nobody knows its age.
      await store.commit([status({ incarnation: 7, epoch: 2, epochSec: 1 }, { receivedAt: T0 + 1e9 })]);
      for (const sec of hours(24)) {
        await store.commit([
          send(1, sec + 7, 2e6),
          status({ incarnation: 7, epoch: 2, epochSec: 1 }, { receivedAt: T0 + 1e9 + sec * 1000, retained: true }),
        ]);
      }
      const clocks = await store.clocks("dev1");
      expect(clocks.map(({ epoch, jumps, drifts }) => [epoch, jumps.length, drifts])).toEqual([
        [1, 1, false],
        [2, 0, false],
      ]);
      // A time that was accepted says that epoch 2 began a minute later than the messages allow.
      const timed = { unixSec: (T0 + 1e9) / 1000 + 62, epochSec: 1 };
      await store.commit([status({ incarnation: 7, epoch: 2, epochSec: 3, timed }, { receivedAt: T0 + 1e9 + 2000 })]);
      expect((await store.clocks("dev1"))[1]).toMatchObject({ epoch: 2, contradictionMs: 60_000 });
      expect(await store.clocks("nobody")).toEqual([]);
    });

    it("answers by device, time and number, the last received first in line", async () => {
      const minute = (n: number) =>
        results([n], { receivedAt: T0 + n * 60_000, sentAtSec: n * 60, epochSec: n * 60, device: `dev${n % 2}` });
      await store.commit([1, 2, 3, 4].map(minute));
      const sequences = async (query: Parameters<Store["results"]>[0]) =>
        (await store.results(query)).map((row) => row.sequence);
      expect(await sequences({ limit: 2 })).toEqual([3, 4]);
      expect(await sequences({ device: "dev1" })).toEqual([1, 3]);
      expect(await sequences({ since: T0 + 180_000 })).toEqual([3, 4]);
      expect(await sequences({ device: "dev0", limit: 1 })).toEqual([4]);
      expect(await sequences({ device: "nobody" })).toEqual([]);
    });

    it("keeps what a status said when a will says only offline", async () => {
      const full = status({
        application: "frost 1",
        board: "esp32",
        waiting: 4,
        errors: [308],
        model: { id: 1, version: 2 },
      });
      await store.commit([full, status({ state: 0 }, { receivedAt: T0 + 9000 })]);
      expect(await device()).toMatchObject({
        state: 0,
        application: "frost 1",
        waiting: 4,
        errors: [308],
        modelVersion: 2,
        lastSeen: T0,
      });
    });

    it("takes a retained copy for the state, not for a sign of life", async () => {
      await store.commit([results([1]), status({ state: 2 }, { receivedAt: T0 + 9000, retained: true })]);
      expect(await device()).toMatchObject({ state: 2, lastSeen: T0 });
    });

    it("keeps log lines, update states and refused bytes", async () => {
      const base = { device: "dev1", receivedAt: T0 };
      const line = { kind: "log" as const, incarnation: 7, epoch: 1, uptimeSec: 5, level: 0, text: "oops", dropped: 2 };
      const update = { kind: "update/state" as const, sequence: 3, state: 2, reason: 0, done: 1, total: 9 };
      const refused = {
        kind: "refused" as const,
        topic: "results",
        reason: "truncated",
        bytes: new Uint8Array([1, 255]),
      };
      await store.commit([line, update, refused].map((message) => ({ ...base, message })));
      expect(await store.logs(undefined, 9)).toEqual([
        { device: "dev1", receivedAt: T0, level: 0, text: "oops", dropped: 2 },
      ]);
      expect(await store.logs("dev2", 9)).toEqual([]);
      expect(await device()).toMatchObject({ refused: 1, update: { sequence: 3, state: 2, reason: 0 } });
      expect(await store.refusals("dev1")).toEqual([
        { receivedAt: T0, topic: "results", reason: "truncated", bytes: new Uint8Array([1, 255]) },
      ]);
    });

    it("holds at most a thousand refused payloads of a device, and counts the rest", async () => {
      const refused = { kind: "refused" as const, topic: "log", reason: "truncated", bytes: new Uint8Array(1) };
      await store.commit(Array.from({ length: 1005 }, () => ({ device: "dev1", receivedAt: T0, message: refused })));
      expect(await store.refusals("dev1")).toHaveLength(1000);
      expect((await device()).refused).toBe(1005);
    });

    it("forgets what is old but knows its identities", async () => {
      await store.commit([results([1, 2, 5]), results([6], { receivedAt: T0 + 5000 })]);
      expect(await store.retain(T0 + 1000)).toBe(3);
      expect((await store.results({})).map((row) => row.sequence)).toEqual([6]);
      expect(await store.commit([results([2, 3])])).toEqual([{ stored: 1, repeats: 1, conflicts: 0 }]);
      expect(await store.gaps("dev1")).toEqual([{ device: "dev1", incarnation: 7, first: 4, last: 4 }]);
      expect(await device()).toMatchObject({ missing: 1, records: 5 });
    });

    it("forgets a device whole", async () => {
      await store.commit([results([1]), results([1], { device: "dev2" })]);
      expect(await store.forget("dev1")).toBe(true);
      expect(await store.forget("dev1")).toBe(false);
      expect((await store.devices()).map((row) => row.device)).toEqual(["dev2"]);
      expect(await store.commit([results([1], { value: 3 })])).toEqual([{ stored: 1, repeats: 0, conflicts: 0 }]);
    });
  });
}
