import fc from "fast-check";
import { expect, test } from "vitest";
import {
  accuracy,
  bestThreshold,
  confusionMatrix,
  decide,
  f1,
  fBeta,
  falsePositiveRate,
  precision,
  recall,
  rocAuc,
  sweep,
} from "../../../scripts/train/metrics.js";

const scores = [0.9, 0.8, 0.8, 0.4, 0.3, 0.1];
const labels = [1, 1, 0, 0, 1, 0];

test("counts and rates at a threshold, which itself says yes", () => {
  const decisions = decide(scores, labels, 0.8);
  expect(decisions).toMatchObject({ truePositives: 2, falsePositives: 1, trueNegatives: 2, falseNegatives: 1 });
  expect(accuracy(decisions)).toBeCloseTo(4 / 6);
  expect(precision(decisions)).toBeCloseTo(2 / 3);
  expect(recall(decisions)).toBeCloseTo(2 / 3);
  expect(falsePositiveRate(decisions)).toBeCloseTo(1 / 3);
  expect(f1(decisions)).toBeCloseTo(2 / 3);
});

test("recall counts more with a greater beta", () => {
  const eager = decide(scores, labels, 0.3);
  const careful = decide(scores, labels, 0.9);
  expect(fBeta(eager, 2)).toBeGreaterThan(fBeta(careful, 2));
  expect(fBeta(careful, 0.2)).toBeGreaterThan(fBeta(eager, 0.2));
  expect(bestThreshold(sweep(scores, labels), 3)).toBe(0.3);
  expect(bestThreshold(sweep(scores, labels), 0.1)).toBe(0.9);
});

test("nothing to find or nothing said is no division by zero", () => {
  expect(recall(decide([0.5], [0], 0.1))).toBe(1);
  expect(precision(decide([0.5], [1], 0.9))).toBe(1);
  expect(falsePositiveRate(decide([0.5], [1], 0.1))).toBe(0);
  expect(f1(decide([0.5], [0], 0.9))).toBe(0);
});

test("the area under the ROC curve is the chance that a positive scores above a negative", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { minLength: 2, maxLength: 40 }),
      (rows) => {
        const truth = rows.map(([, positive]) => Number(positive));
        const values = rows.map(([score]) => score);
        const positives = values.filter((_, i) => truth[i]);
        const negatives = values.filter((_, i) => !truth[i]);
        fc.pre(positives.length > 0 && negatives.length > 0);
        let wins = 0;
        for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
        expect(rocAuc(sweep(values, truth))).toBeCloseTo(wins / (positives.length * negatives.length), 9);
      },
    ),
    { seed: 3 },
  );
});

test("each point of the sweep is the decision at its threshold", () => {
  for (const point of sweep(scores, labels)) expect(point).toEqual(decide(scores, labels, point.threshold));
  expect(sweep(scores, labels).length).toBe(6);
});

test("the confusion matrix has the truth in its rows", () => {
  expect(confusionMatrix([1, 1, 0, 2], [1, 0, 0, 1], 3)).toEqual([
    [1, 1, 0],
    [0, 1, 1],
    [0, 0, 0],
  ]);
});
