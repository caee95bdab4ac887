import { expect, test } from "vitest";
import { makeTrainingProject } from "../../../scripts/train/training-project.js";
import type { TrainingConfig } from "../../../scripts/train/training-config.js";
import { extractFeatures, join, splitByTime, type Dataset } from "../../../scripts/train/dataset.js";
import { measureScaling, standardized } from "../../../scripts/train/scaling.js";
import type { SampleRun } from "../../../scripts/train/sample-run.js";

const config = (features: object | undefined): TrainingConfig =>
  makeTrainingProject(
    { name: "t", source: { kind: "csv", label: "y" }, channels: ["a", "b"], labels: ["yes"], features },
    "training.json",
  ).config;

const run: SampleRun = {
  samples: Float32Array.from([1, 10, 2, 20, NaN, 30, 4, 40, 5, 50]),
  labels: Uint8Array.from([0, 1, 0, 1, 1]),
  rows: 5,
};

test("without feature code the features are the newest sample; rows with a failed sensor are left out", () => {
  const data = extractFeatures(config(undefined), run, undefined);
  expect(data.rows).toBe(4);
  expect([...data.features]).toEqual([1, 10, 2, 20, 4, 40, 5, 50]);
  expect([...data.labels]).toEqual([0, 1, 1, 1]);
});

test("feature code sees the window that the device would see", () => {
  const features = { module: "f.ts", function: "f", windowSamples: 2, names: ["difference"] };
  const data = extractFeatures(config(features), run, (window, out) => {
    out[0] = window.value(1, 0) - window.value(1, 1);
    return window.length === 2 && window.value(1, 0) !== 40;
  });
  expect([...data.features]).toEqual([10, 10, 10]);
  expect([...data.labels]).toEqual([1, 0, 1]);
});

const numbered = (rows: number): Dataset => ({
  features: Float32Array.from({ length: rows }, (_, i) => i),
  labels: new Uint8Array(rows),
  rows,
  featureCount: 1,
});

test("the validation part is the last, with a gap before it", () => {
  const { train, validation } = splitByTime(numbered(100), 0.25, 10);
  expect([train.features[0], train.features.at(-1), train.rows]).toEqual([0, 64, 65]);
  expect([validation.features[0], validation.features.at(-1), validation.rows]).toEqual([75, 99, 25]);
  expect(splitByTime(numbered(4), 0.5, 10).train.rows).toBe(0);
});

test("runs are put behind each other", () => {
  expect([...join([numbered(2), numbered(3)]).features]).toEqual([0, 1, 0, 1, 2]);
  expect(join([]).rows).toBe(0);
});

test("standardized features have mean 0 and deviation 1; a constant one becomes 0", () => {
  const data: Dataset = {
    features: Float32Array.from({ length: 200 }, (_, i) => (i % 2 ? 7 : 1000 + i)),
    labels: new Uint8Array(100),
    rows: 100,
    featureCount: 2,
  };
  const scaled = standardized(data, measureScaling(data)).features;
  let [sum, squares] = [0, 0];
  for (let row = 0; row < 100; row++) {
    sum += scaled[row * 2]!;
    squares += scaled[row * 2]! ** 2;
    expect(scaled[row * 2 + 1]).toBe(0);
  }
  expect(sum / 100).toBeCloseTo(0, 2);
  expect(squares / 100).toBeCloseTo(1, 3);
});
