import { expect, test } from "vitest";
import { SeededRandom } from "../../../scripts/readings/seeded-random.js";
import { Gradient } from "../../../scripts/train/gradient.js";
import { Mlp, toProbabilities } from "../../../scripts/train/mlp.js";

/** Small, so that hardly any ReLU bends within it. */
const STEP = 0.001;

/** Compares every slope with the difference quotient of the loss. */
function checkGradient(outputs: number, label: number, weight: number): void {
  const random = new SeededRandom(5);
  const network = Mlp.random([4, 6, 5, outputs], random);
  for (const layer of network.layers) layer.bias.forEach((_, i) => (layer.bias[i] = 0.3 * random.normal()));
  const features = Float32Array.from({ length: 12 }, () => random.normal());
  const gradient = new Gradient(network);
  gradient.add(features, 4, label, weight);
  const slopes = gradient.parts.map((part) => Float64Array.from(part));
  const parameters = network.layers.flatMap((layer) => [layer.weights, layer.bias]);
  const loss = (): number => new Gradient(network).add(features, 4, label, weight);
  let greatest = 0;
  parameters.forEach((values, p) => {
    for (let i = 0; i < values.length; i++) {
      const kept = values[i]!;
      values[i] = kept + STEP;
      const after = loss();
      values[i] = kept - STEP;
      const before = loss();
      values[i] = kept;
      const numeric = (after - before) / (2 * STEP);
      greatest = Math.max(greatest, Math.abs(slopes[p]![i]!));
      expect(Math.abs(slopes[p]![i]! - numeric)).toBeLessThan(0.01 * Math.max(1, Math.abs(numeric)));
    }
  });
  expect(greatest).toBeGreaterThan(0.1);
}

test("slopes of a yes/no model, both labels, with a class weight", () => {
  checkGradient(1, 1, 1);
  checkGradient(1, 0, 2.5);
});

test("slopes of a model with classes", () => {
  checkGradient(3, 2, 1);
  checkGradient(3, 0, 0.5);
});

test("examples add up until clear", () => {
  const network = Mlp.random([2, 3, 1], new SeededRandom(1));
  const features = Float32Array.from([1, -2]);
  const gradient = new Gradient(network);
  gradient.add(features, 0, 1, 1);
  const once = [...gradient.parts[0]!];
  gradient.add(features, 0, 1, 1);
  gradient.parts[0]!.forEach((value, i) => expect(value).toBeCloseTo(2 * once[i]!, 5));
  gradient.clear();
  expect(gradient.parts.every((part) => part.every((value) => value === 0))).toBe(true);
});

test("probabilities are in range and sum to 1, for great logits too", () => {
  const logits = Float32Array.from([1000, 999, -1000]);
  toProbabilities(logits);
  expect(logits[0]! + logits[1]! + logits[2]!).toBeCloseTo(1, 5);
  expect(logits[0]! / logits[1]!).toBeCloseTo(Math.E, 3);
  const one = Float32Array.from([0]);
  toProbabilities(one);
  expect(one[0]).toBe(0.5);
});
