import { expect, test } from "vitest";
import { joinWarnings, summarizeWarnings } from "../../../scripts/train/warnings.js";

const HORIZON = 4;

function summarize(labels: string, decided: string) {
  const flags = (text: string) => Uint8Array.from(text, (mark) => Number(mark === "1"));
  const run = { features: new Float32Array(0), labels: flags(labels), rows: labels.length, featureCount: 0 };
  return summarizeWarnings(flags(decided), run, HORIZON);
}

test("the lead is the time from the first warning to the event", () => {
  const summary = summarize("0011111100000000", "0000110000000000");
  expect(summary).toEqual({ events: 1, warned: 1, leads: [2], falseAlarms: 0 });
});

test("a warning that comes with the event or after it is none", () => {
  expect(summarize("0011111100000000", "0000001100000000")).toMatchObject({ events: 1, warned: 0, leads: [] });
});

test("an alarm without an event near is false, and a flickering one is one alarm", () => {
  expect(summarize("00000000000000000000", "00010100000000001000").falseAlarms).toBe(2);
});

test("an event in reach of the first row does not count", () => {
  expect(summarize("1110000000", "1110000000")).toEqual({ events: 0, warned: 0, leads: [], falseAlarms: 0 });
});

test("positives close together are one event", () => {
  expect(summarize("0011001100000000", "0010000000000000").events).toBe(1);
});

test("runs add up, leads in order", () => {
  const one = { events: 2, warned: 1, leads: [9], falseAlarms: 1 };
  const two = { events: 1, warned: 1, leads: [3], falseAlarms: 0 };
  expect(joinWarnings([one, two])).toEqual({ events: 3, warned: 2, leads: [3, 9], falseAlarms: 1 });
});
