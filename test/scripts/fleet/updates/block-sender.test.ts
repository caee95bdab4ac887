import { describe, expect, it } from "vitest";
import { BlockSender } from "../../../../scripts/fleet/updates/block-sender.js";

const BLOCK = new Uint8Array(952);
/** A block with the head that the sender counts. */
const ON_AIR = 1000;

/** A sender with a clock that tests move, and a log of what it sent. */
class Bench {
  nowMs = 0;
  readonly sent: [atMs: number, device: string][] = [];
  /** Devices whose connection takes nothing, and what they would. */
  readonly stalled = new Map<string, () => void>();
  #timers: { atMs: number; work: () => void }[] = [];
  readonly sender: BlockSender;

  constructor(bytesPerSecond: number) {
    this.sender = new BlockSender({
      bytesPerSecond,
      now: () => this.nowMs,
      later: (work, ms) => {
        const timer = { atMs: this.nowMs + ms, work };
        this.#timers.push(timer);
        return () => (this.#timers = this.#timers.filter((other) => other !== timer));
      },
      send: (device) => {
        this.sent.push([this.nowMs, device]);
        return this.stalled.has(device)
          ? new Promise((resolve) => this.stalled.set(device, resolve))
          : Promise.resolve();
      },
    });
  }

  get timers(): number {
    return this.#timers.length;
  }

  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    for (;;) {
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      const next = this.#timers.filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.work();
    }
    this.nowMs = end;
  }

  count(device: string): number {
    return this.sent.filter(([, name]) => name === device).length;
  }
}

const blocks = (count: number): Uint8Array[] => Array.from({ length: count }, () => BLOCK);

describe("a sender of blocks", () => {
  it("keeps to its bandwidth, to the block, and does not save up while nobody asks", async () => {
    const bench = new Bench(2 * ON_AIR);
    await bench.advance(60_000);
    bench.sender.answer("dev1", blocks(20));
    await bench.advance(4999);
    expect(bench.sent.map(([atMs]) => atMs)).toEqual([
      60_000, 60_500, 61_000, 61_500, 62_000, 62_500, 63_000, 63_500, 64_000, 64_500,
    ]);
    await bench.advance(60_000);
    expect(bench.sent).toHaveLength(20);
    expect([bench.sender.waiting, bench.timers]).toEqual([0, 0]);
  });

  it("gives each device its turn, also one that came later or asks for more", async () => {
    const bench = new Bench(ON_AIR);
    bench.sender.answer("greedy", blocks(8));
    await bench.advance(2000);
    bench.sender.answer("dev1", blocks(8));
    bench.sender.answer("dev2", blocks(2));
    await bench.advance(6000);
    expect(bench.sent.slice(3).map(([, device]) => device)).toEqual([
      "greedy",
      "dev1",
      "dev2",
      "greedy",
      "dev1",
      "dev2",
    ]);
  });

  it("keeps the last request of a flood only, and brings who floods no sooner to its turn", async () => {
    const bench = new Bench(ON_AIR);
    bench.sender.answer("dev1", blocks(100));
    for (let i = 0; i < 10_000; i++) bench.sender.answer("flood", blocks(100));
    for (let second = 0; second < 100; second++) {
      for (let i = 0; i < 100; i++) bench.sender.answer("flood", blocks(100));
      await bench.advance(1000);
    }
    expect(bench.sender.waiting).toBeLessThanOrEqual(2);
    expect(bench.sent.length).toBeLessThanOrEqual(101);
    expect(Math.abs(bench.count("dev1") - bench.count("flood"))).toBeLessThanOrEqual(1);
  });

  it("sends a device that takes nothing one block, and the others theirs", async () => {
    const bench = new Bench(Infinity);
    bench.stalled.set("slow", () => undefined);
    bench.sender.answer("slow", blocks(5));
    bench.sender.answer("dev1", blocks(5));
    await bench.advance(1000);
    expect([bench.count("slow"), bench.count("dev1")]).toEqual([1, 5]);
    const taken = bench.stalled.get("slow")!;
    bench.stalled.delete("slow");
    taken();
    await bench.advance(1000);
    expect(bench.count("slow")).toBe(5);
  });

  it("answers again where a connection was lost without a word", async () => {
    const bench = new Bench(Infinity);
    bench.stalled.set("lost", () => undefined);
    bench.sender.answer("lost", blocks(2));
    await bench.advance(20_000);
    bench.stalled.delete("lost");
    bench.sender.answer("lost", blocks(2));
    await bench.advance(11_000);
    expect(bench.count("lost")).toBe(1);
    bench.sender.answer("lost", blocks(2));
    await bench.advance(0);
    expect(bench.count("lost")).toBe(3);
  });

  it("ends", async () => {
    const bench = new Bench(ON_AIR);
    bench.sender.answer("dev1", blocks(5));
    bench.sender.stop();
    bench.sender.answer("dev1", blocks(5));
    await bench.advance(9000);
    expect([bench.sent.length, bench.timers]).toEqual([1, 0]);
  });
});
