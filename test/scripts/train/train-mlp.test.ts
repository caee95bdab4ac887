import { expect, test } from "vitest";
import { DEFAULT_TRAINING } from "../../../scripts/train/training-config.js";
import { slice } from "../../../scripts/train/dataset.js";
import { evaluate } from "../../../scripts/train/evaluation.js";
import { floatPredictor, predictAll } from "../../../scripts/train/predictor.js";
import { trainMlp } from "../../../scripts/train/train-mlp.js";
import { clusters, ring } from "./examples.js";

const options = { ...DEFAULT_TRAINING, hidden: [12, 6], epochs: 40, batchSize: 32, learningRate: 0.01 };

test("learns what no straight line can", () => {
  const { network } = trainMlp(ring(1500, 1), ring(400, 2), 1, options);
  const fresh = ring(1000, 3);
  const judged = evaluate(predictAll(floatPredictor(network), fresh, 1), fresh.labels, ["in"], 0.5);
  expect(judged.accuracy).toBeGreaterThan(0.95);
  expect(judged.classes[0]!.rocAuc).toBeGreaterThan(0.98);
});

test("learns three classes", () => {
  const { network } = trainMlp(clusters(900, 1), clusters(300, 2), 3, { ...options, epochs: 15 });
  const fresh = clusters(1000, 3);
  const names = ["a", "b", "c"];
  expect(evaluate(predictAll(floatPredictor(network), fresh, 3), fresh.labels, names, 0).accuracy).toBeGreaterThan(
    0.95,
  );
});

test("the same seed gives the same network, another seed another", () => {
  const run = (seed: number) =>
    trainMlp(ring(300, 1), ring(100, 2), 1, { ...options, epochs: 4, seed }).network.layers.map(
      (layer) => layer.weights,
    );
  expect(run(1)).toEqual(run(1));
  expect(run(2)).not.toEqual(run(1));
});

test("keeps the best epoch and stops when patience is over", () => {
  const noise = ring(60, 1);
  for (let i = 0; i < noise.rows; i++) noise.labels[i] = (i * 7919) % 5 < 2 ? 1 : 0;
  const validation = ring(200, 2);
  const { history, bestEpoch, network } = trainMlp(noise, validation, 1, { ...options, epochs: 200, patience: 5 });
  expect(history.length).toBe(bestEpoch + 6);
  const best = Math.min(...history.map((epoch) => epoch.validationLoss));
  expect(history[bestEpoch]!.validationLoss).toBe(best);
  const probabilities = predictAll(floatPredictor(network), validation, 1);
  let loss = 0;
  validation.labels.forEach((label, row) => (loss -= Math.log(label ? probabilities[row]! : 1 - probabilities[row]!)));
  expect(loss / validation.rows).toBeCloseTo(best, 4);
});

test("balanced class weights find more of a rare class", () => {
  const rare = (seed: number) => {
    const data = ring(3000, seed);
    const kept = [...data.labels.keys()].filter((row) => data.labels[row] === 0 || row % 15 === 0);
    return {
      features: Float32Array.from(kept.flatMap((row) => [...data.features.subarray(row * 2, row * 2 + 2)])),
      labels: Uint8Array.from(kept, (row) => data.labels[row]!),
      rows: kept.length,
      featureCount: 2,
    };
  };
  const recallWith = (classWeights: "none" | "balanced") => {
    const training = { ...options, epochs: 6, learningRate: 0.003, classWeights };
    const { network } = trainMlp(rare(1), rare(2), 1, training);
    const fresh = ring(1000, 3);
    const judged = evaluate(predictAll(floatPredictor(network), fresh, 1), fresh.labels, ["in"], 0.5);
    return judged.classes[0]!.recall;
  };
  expect(recallWith("balanced")).toBeGreaterThan(recallWith("none") + 0.1);
});

test("data without a class, or without validation rows, are refused", () => {
  const data = ring(100, 1);
  const yes = { ...data, labels: new Uint8Array(100).fill(1) };
  expect(() => trainMlp(yes, data, 1, options)).toThrow(
    /TOO_FEW_EXAMPLES: The training part has no example of class 0/,
  );
  expect(() => trainMlp(data, slice(data, 0, 0), 1, options)).toThrow(/no examples for validation/);
});
