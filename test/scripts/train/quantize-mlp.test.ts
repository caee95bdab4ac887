import fc from "fast-check";
import { expect, test } from "vitest";
import { compileModel } from "../../../scripts/model/compile.js";
import { writeTflite } from "../../../scripts/model/tflite/writer.js";
import type { ModelDescription } from "../../../scripts/model/tflite/writer-model.js";
import { DEFAULT_TRAINING } from "../../../scripts/train/training-config.js";
import type { Dataset } from "../../../scripts/train/dataset.js";
import { int8Predictor } from "../../../scripts/train/int8-predictor.js";
import type { Mlp } from "../../../scripts/train/mlp.js";
import { floatPredictor, predictAll } from "../../../scripts/train/predictor.js";
import { asymmetric, quantizeMlp } from "../../../scripts/train/quantize-mlp.js";
import { trainMlp } from "../../../scripts/train/train-mlp.js";
import { loadLiteRt } from "../../support/litert.js";
import { clusters, ring } from "./examples.js";

const options = { ...DEFAULT_TRAINING, hidden: [12, 6], epochs: 12, batchSize: 32, learningRate: 0.01 };
const yesNo = trainMlp(ring(1500, 1), ring(400, 2), 1, options).network;
const classes = trainMlp(clusters(900, 1), clusters(300, 2), 3, options).network;

test("zero is on a step, the range is covered, whatever the range", () => {
  fc.assert(
    fc.property(
      fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
      fc.float({ noNaN: true, min: 0, max: 1e6 }),
      (min, span) => {
        fc.pre(Math.abs(min) > 1e-20 || span > 1e-20);
        const max = min + span;
        const { scale, zeroPoint } = asymmetric(min, max);
        expect(Number.isInteger(zeroPoint)).toBe(true);
        expect(scale).toBeGreaterThan(0);
        expect((-128 - zeroPoint) * scale).toBeLessThanOrEqual(Math.min(0, min) + 0.51 * scale);
        expect((127 - zeroPoint) * scale).toBeGreaterThanOrEqual(Math.max(0, max) - 0.51 * scale);
      },
    ),
    { seed: 5 },
  );
  expect(asymmetric(0, 0)).toEqual({ scale: 1, zeroPoint: -128 });
});

test("int8 is near float on unseen rows, in both roundings", () => {
  for (const [network, fresh, outputs] of [
    [yesNo, ring(600, 3), 1],
    [classes, clusters(600, 3), 3],
  ] as [Mlp, Dataset, number][]) {
    const bytes = writeTflite(quantizeMlp(network, fresh, "test"));
    const float = predictAll(floatPredictor(network), fresh, outputs);
    for (const rounding of ["tflm", "xnnpack"] as const) {
      const int8 = predictAll(int8Predictor(bytes, rounding), fresh, outputs);
      let sum = 0;
      float.forEach((value, i) => (sum += Math.abs(value - int8[i]!)));
      expect(sum / float.length).toBeLessThan(0.02);
    }
  }
});

test("values beyond the representative range saturate and do not wrap", () => {
  const bytes = writeTflite(quantizeMlp(yesNo, ring(300, 3), "test"));
  const out = new Float32Array(1);
  const predict = int8Predictor(bytes);
  predict(Float32Array.from([1e9, -1e9]), 0, out);
  const far = out[0];
  predict(Float32Array.from([1e12, -1e12]), 0, out);
  expect(out[0]).toBe(far);
});

/** The same graph with float ends, because LiteRT's JavaScript has no int8 tensors. */
function withFloatEnds(model: ModelDescription): ModelDescription {
  const count = model.tensors.length;
  const [input, output] = [model.inputs[0]!, model.outputs[0]!];
  return {
    ...model,
    tensors: [
      ...model.tensors,
      { name: "float_in", shape: model.tensors[input]!.shape, type: "float32" },
      { name: "float_out", shape: model.tensors[output]!.shape, type: "float32" },
    ],
    operators: [
      { operator: "QUANTIZE", inputs: [count], outputs: [input] },
      ...model.operators,
      { operator: "DEQUANTIZE", inputs: [output], outputs: [count + 1] },
    ],
    inputs: [count],
    outputs: [count + 1],
  };
}

test("LiteRT computes the logits that the device computes, bit for bit", async () => {
  const fresh = ring(200, 4);
  const model = quantizeMlp(yesNo, fresh, "test");
  const logits = { ...model, operators: model.operators.slice(0, -1), outputs: [model.outputs[0]! - 1] };
  const predict = int8Predictor(writeTflite(logits), "xnnpack");
  const runtime = await loadLiteRt(writeTflite(withFloatEnds(logits)));
  const out = new Float32Array(1);
  for (let row = 0; row < fresh.rows; row++) {
    const features = fresh.features.slice(row * 2, row * 2 + 2);
    predict(features, 0, out);
    const [judged] = await runtime.run([features]);
    expect(judged![0]).toBeCloseTo(out[0]!, 5);
  }
});

test("the compiler takes the graph, with labels", () => {
  const bytes = writeTflite(quantizeMlp(classes, clusters(100, 1), "test"));
  const { pack } = compileModel(bytes, { rounding: "tflm", labels: ["a", "b", "c"] });
  expect(pack.length).toBeGreaterThan(300);
});
