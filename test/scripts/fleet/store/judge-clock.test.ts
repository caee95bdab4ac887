import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../scripts/readings/seeded-random.js";
import { type ClockMark, judgeClock } from "../../../../scripts/fleet/store/judge-clock.js";

const T0 = Date.UTC(2026, 2, 1);
const HOUR_MS = 3_600_000;
const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

interface Series {
  readonly hours: number;
  /** Messages in an hour, in the mean. */
  readonly perHour: number;
  readonly delayMs: (random: SeededRandom, sentAt: number) => number;
  /** What the device's clock shows, in milliseconds of the epoch, so many milliseconds after its beginning. */
  readonly clock?: (trueMs: number) => number;
}

/** The marks that a store keeps of a device's messages: of each received hour the least beginning. */
function marksOf({ hours, perHour, delayMs, clock = (ms) => ms }: Series, seed: number): ClockMark[] {
  const random = new SeededRandom(seed);
  const least = new Map<number, ClockMark>();
  for (let trueMs = 0; trueMs < hours * HOUR_MS; trueMs += random.exponential(HOUR_MS / perHour)) {
    const receivedAt = Math.round(T0 + trueMs + delayMs(random, T0 + trueMs));
    // What is still on its way when the device falls silent for good comes without the fresh messages around it.
    if (receivedAt > T0 + hours * HOUR_MS) continue;
    const startMs = receivedAt - Math.floor(clock(trueMs) / 1000) * 1000;
    const hour = Math.floor(receivedAt / HOUR_MS);
    if (startMs < (least.get(hour)?.startMs ?? Infinity)) least.set(hour, { receivedAt, startMs });
  }
  return [...least].sort(([a], [b]) => a - b).map(([, mark]) => mark);
}

/** 80 ms to 4 s one way. */
const flaky = (random: SeededRandom): number => 80 + 3920 * random.uniform();
/** One message in five waits out an outage of up to twelve hours. */
const repeated = (random: SeededRandom): number =>
  flaky(random) + (random.uniform() < 0.2 ? 12 * HOUR_MS * random.uniform() : 0);
const patient = (random: SeededRandom): number => random.exponential(60_000);
/** The collector, or the broker before it, is away for five hours in each day: then all that waits arrives at once. */
const backlog = (random: SeededRandom, sentAt: number): number => {
  const ofDay = sentAt % (24 * HOUR_MS);
  const away = 6.9 * HOUR_MS;
  return flaky(random) + (ofDay > away && ofDay < away + 5 * HOUR_MS ? away + 5 * HOUR_MS - ofDay : 0);
};

const links: [string, Series["delayMs"], number][] = [
  ["flaky", flaky, 12],
  ["one message an hour", flaky, 1],
  ["one message in five hours", flaky, 0.2],
  ["with messages that wait for hours", repeated, 6],
  ["with one message an hour, some hours late", repeated, 1],
  ["with exponential delays of a minute", patient, 2],
  ["behind a collector that is away each day", backlog, 6],
];

describe("a steady clock is never flagged", () => {
  it.each(links)("%s", (_name, delayMs, perHour) => {
    for (const hours of [5, 30, 24 * 7, 24 * 30]) {
      for (const seed of SEEDS) {
        const verdict = judgeClock(marksOf({ hours, perHour, delayMs }, seed));
        expect({ hours, seed, jumps: verdict.jumps, drifts: verdict.drifts }).toEqual({
          hours,
          seed,
          jumps: [],
          drifts: false,
        });
      }
    }
  });

  it("within what crystals do, either way", () => {
    for (const ppm of [-40, 40]) {
      for (const seed of SEEDS) {
        const clock = (ms: number): number => ms * (1 + ppm / 1e6);
        const verdict = judgeClock(marksOf({ hours: 24 * 7, perHour: 6, delayMs: flaky, clock }, seed));
        expect([seed, verdict.jumps, verdict.drifts]).toEqual([seed, [], false]);
        expect(Math.abs(verdict.driftPpm! - ppm)).toBeLessThanOrEqual(verdict.driftBoundPpm!);
      }
    }
  });
});

describe("a clock that runs wrong is flagged", () => {
  it.each(links.slice(0, 4))("with 500 ppm, fast or slow, within its bound: %s", (_name, delayMs, perHour) => {
    for (const ppm of [-500, 500]) {
      for (const seed of SEEDS) {
        const clock = (ms: number): number => ms * (1 + ppm / 1e6);
        const verdict = judgeClock(marksOf({ hours: 24 * 5, perHour, delayMs, clock }, seed));
        expect([seed, verdict.drifts, verdict.jumps]).toEqual([seed, true, []]);
        expect(Math.abs(verdict.driftPpm! - ppm)).toBeLessThanOrEqual(verdict.driftBoundPpm!);
      }
    }
  });

  it.each([
    ["forward by a minute and a half", 90_000],
    ["back by a minute and a half", -90_000],
    ["forward by an hour", HOUR_MS],
    ["back by an hour", -HOUR_MS],
  ])("that jumps %s, at the hour and by the amount", (_name, byMs) => {
    for (const seed of SEEDS) {
      const at = (10 + (seed % 28)) * HOUR_MS;
      const clock = (ms: number): number => (ms < at ? ms : ms + byMs);
      // The contract of lib/hal/clock.ts forbids it; a clock that was moved back shows the same numbers again.
      const verdict = judgeClock(marksOf({ hours: 48, perHour: 12, delayMs: flaky, clock }, seed));
      expect([seed, verdict.jumps.length, verdict.drifts]).toEqual([seed, 1, false]);
      expect(Math.abs(verdict.jumps[0]!.byMs - byMs)).toBeLessThan(6_000);
      expect(Math.abs(verdict.jumps[0]!.at - T0 - at)).toBeLessThan(2 * HOUR_MS);
    }
  });

  it("that drifts and jumps, both", () => {
    for (const seed of SEEDS) {
      const clock = (ms: number): number => ms * 1.0005 + (ms < 40 * HOUR_MS ? 0 : 600_000);
      const verdict = judgeClock(marksOf({ hours: 100, perHour: 12, delayMs: flaky, clock }, seed));
      expect([seed, verdict.drifts, verdict.jumps.length]).toEqual([seed, true, 1]);
      expect(Math.abs(verdict.driftPpm! - 500)).toBeLessThanOrEqual(verdict.driftBoundPpm!);
    }
  });
});
