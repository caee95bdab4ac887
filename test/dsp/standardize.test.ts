import { expect, test } from "vitest";
import { standardize } from "../../lib/dsp/standardize.js";

test("subtracts the mean and divides by the deviation, feature by feature", () => {
  const features = Float32Array.from([10, -4]);
  expect(standardize(features, { mean: [8, -4], inverseDeviation: [0.5, 2] })).toBe(true);
  expect([...features]).toEqual([1, 0]);
});

test("a missing feature makes all unusable", () => {
  const features = Float32Array.from([10, NaN]);
  expect(standardize(features, { mean: [8, -4], inverseDeviation: [0.5, 2] })).toBe(false);
});
