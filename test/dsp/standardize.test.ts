import { expect, test } from "vitest";
import { standardize } from "../../lib/dsp/standardize.js";

test("subtracts the mean and divides by the deviation, feature by feature", () => {
  const features = Float32Array.from([10, -4, NaN]);
  standardize(features, { mean: [8, -4, 1], inverseDeviation: [0.5, 2, 1] });
  expect([...features]).toEqual([1, 0, NaN]);
});
