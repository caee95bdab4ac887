import { expect, test } from "vitest";
import {
  CHANNELS,
  FEATURE_COUNT,
  WINDOW_SAMPLES,
  dewPoint,
  frostFeatures,
} from "../../../firmware/apps/orchard-frost/features.js";
import { SampleWindow } from "../../../lib/sensing/sample-window.js";

function filled(sample: (ago: number) => number[]): SampleWindow {
  const window = new SampleWindow(CHANNELS.length, WINDOW_SAMPLES);
  for (let ago = WINDOW_SAMPLES - 1; ago >= 0; ago--) window.push(sample(ago));
  return window;
}

test("the features of a known hour", () => {
  const window = filled((ago) => [4 + ago * 0.25, 80, ago === 0 ? 13 : 0, 100 + ago * 10]);
  const out = new Float32Array(FEATURE_COUNT);
  expect(frostFeatures(window, out)).toBe(true);
  expect(out[0]).toBe(4);
  expect(out[1]).toBeCloseTo(-0.75, 5);
  expect(out[2]).toBeCloseTo(-3, 5);
  expect(out[3]).toBe(80);
  expect(out[4]).toBeCloseTo(0.84, 1);
  expect(out[5]).toBeCloseTo(1, 5);
  expect(out[6]).toBeCloseTo(115, 5);
  expect(out[7]).toBeCloseTo(-90, 5);
});

test("no features from a short window, and none where any value they use is missing", () => {
  const out = new Float32Array(FEATURE_COUNT);
  const window = new SampleWindow(CHANNELS.length, WINDOW_SAMPLES);
  for (let i = 1; i < WINDOW_SAMPLES; i++) {
    window.push([1, 50, 1, 0]);
    expect(frostFeatures(window, out)).toBe(false);
  }
  window.push([1, 50, 1, 0]);
  expect(frostFeatures(window, out)).toBe(true);
  for (let channel = 0; channel < CHANNELS.length; channel++) {
    const sample = [1, 50, 1, 0];
    sample[channel] = NaN;
    expect(
      frostFeatures(
        filled((ago) => (ago === 0 ? sample : [1, 50, 1, 0])),
        out,
      ),
    ).toBe(false);
  }
});

test("dew point against tabulated values, and for humidity that no sensor should give", () => {
  expect(dewPoint(20, 50)).toBeCloseTo(9.27, 1);
  expect(dewPoint(0, 100)).toBeCloseTo(0, 6);
  expect(dewPoint(-5, 80)).toBeCloseTo(-7.9, 1);
  expect(dewPoint(20, 0)).toBe(dewPoint(20, 1));
});
