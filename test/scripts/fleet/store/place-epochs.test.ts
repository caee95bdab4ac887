import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Status } from "../../../../scripts/fleet/messages/status.js";
import { CLOCK_UNCERTAINTY_MS } from "../../../../scripts/fleet/messages/time.js";
import { earliestStart, type EpochFacts, placeEpochs } from "../../../../scripts/fleet/store/place-epochs.js";

type Timed = NonNullable<Status["timed"]>;

/** A true history: epochs one after another, each heard of by messages with any delay. */
const history = fc.array(
  fc.record({
    offMs: fc.nat({ max: 5_000_000 }),
    lastsMs: fc.integer({ min: 1, max: 5_000_000 }),
    heard: fc.array(
      fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), delayMs: fc.nat({ max: 9_000_000 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    alive: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    timed: fc.option(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        delayMs: fc.nat({ max: 9000 }),
        errorMs: fc.integer({ min: -CLOCK_UNCERTAINTY_MS, max: CLOCK_UNCERTAINTY_MS }),
      }),
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

/** What a device says that accepted a time `delayMs` after the collector, whose clock is off, had sent it. */
function timedAt(timed: { at: number; delayMs: number; errorMs: number }, start: number, lastsMs: number): Timed {
  const acceptedMs = Math.max(timed.delayMs, timed.at * lastsMs);
  const sentAt = start + acceptedMs - timed.delayMs + timed.errorMs;
  return { unixSec: Math.floor(sentAt / 1000), epochSec: Math.floor(acceptedMs / 1000) };
}

describe("placing epochs", () => {
  it("bounds always hold the truth, and never widen with another message", () => {
    fc.assert(
      fc.property(history, (epochs) => {
        let now = 1_700_000_000_000;
        const starts: number[] = [];
        const facts: EpochFacts[] = [];
        for (const epoch of epochs) {
          const start = now + epoch.offMs;
          const ages = epoch.heard.map((message) => Math.floor((message.at * epoch.lastsMs) / 1000));
          const latestStart = Math.min(
            ...epoch.heard.map((message, i) => start + message.at * epoch.lastsMs + message.delayMs - ages[i]! * 1000),
          );
          starts.push(start);
          facts.push({
            latestStart,
            ageSec: Math.max(...ages),
            aliveAt: epoch.alive === null ? null : start + epoch.alive * epoch.lastsMs,
            earliestStart: epoch.timed === null ? null : earliestStart(timedAt(epoch.timed, start, epoch.lastsMs)),
          });
          now = start + epoch.lastsMs;
        }
        const bounds = placeEpochs(facts);
        bounds.forEach(({ earliest, latest }, i) => {
          expect(latest).toBeGreaterThanOrEqual(starts[i]!);
          if (earliest !== null) expect(earliest).toBeLessThanOrEqual(starts[i]!);
        });
        const tighter = facts.map((fact) => ({ ...fact, latestStart: fact.latestStart - 1 }));
        placeEpochs(tighter).forEach(({ latest }, i) => expect(latest).toBeLessThanOrEqual(bounds[i]!.latest));
      }),
      { seed: 4 },
    );
  });

  it("takes the end of the epoch before as the earliest beginning, and the next one's beginning as the end", () => {
    const facts = [
      { latestStart: 10_000, ageSec: 1, aliveAt: 8_000, earliestStart: null },
      { latestStart: 90_000, ageSec: 20, aliveAt: null, earliestStart: null },
      { latestStart: 50_000, ageSec: 1, aliveAt: null, earliestStart: null },
    ];
    // 100 ppm of 20 s are 2 ms: so much shorter the epoch may have been.
    expect(placeEpochs(facts)).toEqual([
      { earliest: null, latest: 10_000 },
      { earliest: 8_000, latest: 50_000 - 19_998 },
      { earliest: 8_000 + 19_998, latest: 50_000 },
    ]);
  });

  it("bounds an epoch on both sides by the time that its device accepted, and with it the ones around", () => {
    const timed = earliestStart({ unixSec: 1_000_100, epochSec: 60 });
    expect(timed).toBe(1_000_038_000);
    const facts = [
      { latestStart: 1_000_030_000, ageSec: 5, aliveAt: null, earliestStart: null },
      { latestStart: 1_000_041_000, ageSec: 100, aliveAt: null, earliestStart: timed },
      { latestStart: 1_000_900_000, ageSec: 5, aliveAt: null, earliestStart: null },
    ];
    expect(placeEpochs(facts)).toEqual([
      { earliest: null, latest: 1_000_030_000 },
      { earliest: 1_000_038_000, latest: 1_000_041_000 },
      { earliest: 1_000_038_000 + 99_990, latest: 1_000_900_000 },
    ]);
  });

  it("orders bounds that an oscillator's drift has crossed, and shows those that no drift explains", () => {
    const day = 86_400;
    const epoch = { latestStart: 100_000, ageSec: day, aliveAt: null };
    expect(placeEpochs([{ ...epoch, earliestStart: 108_000 }])).toEqual([{ earliest: 100_000, latest: 108_000 }]);
    expect(placeEpochs([{ ...epoch, earliestStart: 109_000 }])).toEqual([{ earliest: 109_000, latest: 100_000 }]);
  });
});
