import { expect, test } from "vitest";
import { Always, AnyOf, Heartbeat, MinimumInterval, OnChange, Threshold } from "../../lib/uplink/report-policy.js";
import type { ReportPolicy } from "../../lib/uplink/report-policy.js";

/** Indexes of the values that a policy reports, one value a minute. */
function reportedOf(policy: ReportPolicy, values: number[], periodMs = 60_000): number[] {
  const reported: number[] = [];
  values.forEach((value, index) => {
    if (!policy.due(value, index * periodMs)) return;
    policy.reported(value, index * periodMs);
    reported.push(index);
  });
  return reported;
}

test("always reports every value", () => {
  expect(reportedOf(new Always(), [1, 1, 1])).toEqual([0, 1, 2]);
});

test("on change compares with the last reported value, not the last seen", () => {
  expect(reportedOf(new OnChange(0.5), [1, 1.3, 1.6, 1.7, 1.1, 1.05])).toEqual([0, 2, 4]);
});

test("a threshold reports crossings, and its hysteresis swallows noise at the level", () => {
  expect(reportedOf(new Threshold(0.5, 0.2), [0.1, 0.55, 0.45, 0.52, 0.31, 0.29, 0.45, 0.5])).toEqual([1, 5, 7]);
});

test("a heartbeat counts from the last report", () => {
  expect(reportedOf(new Heartbeat(180_000), [0, 0, 0, 0, 0, 0, 0])).toEqual([0, 3, 6]);
});

test("any of several policies reports, and each hears of it", () => {
  const policy = new AnyOf([new Heartbeat(180_000), new OnChange(1)]);
  expect(reportedOf(policy, [0, 0, 2, 2, 2, 2, 2])).toEqual([0, 2, 5]);
});

test("a minimum interval holds back, and does not forget", () => {
  const policy = new MinimumInterval(120_000, new OnChange(1));
  expect(reportedOf(policy, [0, 5, 5, 9, 9])).toEqual([0, 2, 4]);
});
