import fc from "fast-check";
import { expect, test } from "vitest";
import { SampleWindow } from "../../lib/sensing/sample-window.js";

test("holds the newest samples, newest first, whatever the sizes", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 40 }),
      (channels, capacity, pushes) => {
        const window = new SampleWindow(channels, capacity);
        const history: number[][] = [];
        for (let n = 0; n < pushes; n++) {
          const sample = Array.from({ length: channels }, (_, channel) => n * 10 + channel);
          window.push(sample);
          history.unshift(sample);
        }
        expect(window.length).toBe(Math.min(pushes, capacity));
        for (let ago = 0; ago < capacity + 1; ago++) {
          for (let channel = 0; channel < channels; channel++) {
            const expected = ago < window.length ? history[ago]![channel]! : NaN;
            expect(window.value(channel, ago)).toBe(expected);
          }
        }
      },
    ),
    { seed: 7 },
  );
});

test("copies the sample, so the caller may reuse its buffer", () => {
  const window = new SampleWindow(2, 3);
  const buffer = Float32Array.from([1, 2]);
  window.push(buffer);
  buffer.fill(9);
  expect(window.value(1, 0)).toBe(2);
});

test("keeps the gap of a failed sensor", () => {
  const window = new SampleWindow(1, 2);
  window.push([1]);
  window.push([NaN]);
  expect(window.value(0, 0)).toBeNaN();
  expect(window.value(0, 1)).toBe(1);
});

test("has no value outside, and none after clear", () => {
  const window = new SampleWindow(2, 2);
  window.push([1, 2]);
  for (const [channel, ago] of [
    [0, 1],
    [0, -1],
    [2, 0],
    [-1, 0],
    [NaN, 0],
  ] as const) {
    expect(window.value(channel, ago)).toBeNaN();
  }
  window.clear();
  expect(window.length).toBe(0);
  expect(window.value(0, 0)).toBeNaN();
  window.push([3, 4]);
  expect(window.value(1, 0)).toBe(4);
});
