import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReportRule } from "../../lib/uplink/report-policy.js";
import { ReportPolicy } from "../../lib/uplink/report-policy.js";

/** Indexes of the values that a rule reports, one value a minute. */
function reportedOf(rule: ReportRule, values: number[]): number[] {
  const policy = new ReportPolicy(rule);
  return values.flatMap((value, index) => {
    if (!policy.due(value, index * 60_000)) return [];
    policy.reported(value, index * 60_000);
    return [index];
  });
}

test("always reports every value", () => {
  expect(reportedOf({ always: true }, [1, 1, 1])).toEqual([0, 1, 2]);
});

test("change compares with the last reported value, not the last seen", () => {
  expect(reportedOf({ change: 0.5 }, [1, 1.3, 1.6, 1.7, 1.1, 1.05])).toEqual([0, 2, 4]);
});

test("a level reports crossings, and its hysteresis swallows noise at the level", () => {
  const values = [0.1, 0.55, 0.45, 0.52, 0.31, 0.29, 0.45, 0.5];
  expect(reportedOf({ alarmAbove: 0.5, hysteresis: 0.2, heartbeatMs: 1e9 }, values)).toEqual([0, 1, 5, 7]);
});

test("a heartbeat counts from the last report", () => {
  expect(reportedOf({ heartbeatMs: 180_000 }, [0, 0, 0, 0, 0, 0, 0])).toEqual([0, 3, 6]);
});

test("any reason is enough, and resets the others", () => {
  expect(reportedOf({ heartbeatMs: 180_000, change: 1 }, [0, 0, 2, 2, 2, 2, 2])).toEqual([0, 2, 5]);
});

test("a minimum interval holds back, does not forget, and never holds an alarm back", () => {
  expect(reportedOf({ change: 1, minIntervalMs: 120_000 }, [0, 5, 5, 9, 9])).toEqual([0, 2, 4]);
  expect(reportedOf({ change: 1, minIntervalMs: 600_000, alarmAbove: 8 }, [0, 5, 5, 9, 9])).toEqual([0, 3]);
});

test("whatever the rule, silence never outlasts the heartbeat, and intervals are kept between ordinary reports", () => {
  const rule = fc.record({
    change: fc.double({ min: 0.01, max: 2, noNaN: true }),
    heartbeatMs: fc.integer({ min: 60_000, max: 900_000 }),
    minIntervalMs: fc.integer({ min: 0, max: 300_000 }),
  });
  fc.assert(
    fc.property(rule, fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { maxLength: 60 }), (given, values) => {
      const at = reportedOf(given, values).map((index) => index * 60_000);
      at.slice(1).forEach((ms, i) => {
        const gap = ms - at[i]!;
        expect(gap).toBeGreaterThanOrEqual(Math.min(given.minIntervalMs, gap + 1));
        expect(gap).toBeLessThan(Math.max(given.heartbeatMs, given.minIntervalMs) + 60_000);
      });
    }),
  );
});
