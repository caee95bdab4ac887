import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EpochFacts, placeEpochs } from "../../../../scripts/fleet/store/place-epochs.js";

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
  }),
  { minLength: 1, maxLength: 8 },
);

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
      { latestStart: 10_000, ageSec: 1, aliveAt: 8_000 },
      { latestStart: 90_000, ageSec: 20, aliveAt: null },
      { latestStart: 50_000, ageSec: 1, aliveAt: null },
    ];
    expect(placeEpochs(facts)).toEqual([
      { earliest: null, latest: 9_000 + 1_000 },
      { earliest: 8_000, latest: 30_000 },
      { earliest: 28_000, latest: 50_000 },
    ]);
  });
});
