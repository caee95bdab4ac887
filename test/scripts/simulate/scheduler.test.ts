import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../scripts/simulate/clock/scheduler.js";

describe("Scheduler", () => {
  it("lets events happen by time, and those of one moment in the order asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.boolean()), { maxLength: 60 }), (asked) => {
        const scheduler = new Scheduler();
        const seen: number[] = [];
        const cancels = asked.map(([at], index) => scheduler.at(at, () => seen.push(index)));
        asked.forEach(([, isCancelled], index) => isCancelled && cancels[index]!());
        while (scheduler.step(Infinity));
        const expected = asked
          .map(([at, isCancelled], index) => ({ at, isCancelled, index }))
          .filter(({ isCancelled }) => !isCancelled)
          .sort((a, b) => a.at - b.at || a.index - b.index)
          .map(({ index }) => index);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it("never goes back: an event for the past happens now", () => {
    const scheduler = new Scheduler();
    let at = -1;
    scheduler.at(100, () => scheduler.at(5, () => (at = scheduler.nowMs)));
    while (scheduler.step(1000));
    expect(at).toBe(100);
    expect(scheduler.step(1000)).toBe(false);
  });

  it("stops at a limit and does not pass an event when moved on", () => {
    const scheduler = new Scheduler();
    scheduler.at(50, () => undefined);
    expect(scheduler.step(49)).toBe(false);
    scheduler.advanceTo(80);
    expect(scheduler.nowMs).toBe(50);
  });
});
