import type { Dataset } from "./dataset.js";
import { toProbabilities, type Mlp } from "./mlp.js";

/** Writes the probability of each output for standardized features that begin at `at`. */
export type Predictor = (features: Float32Array, at: number, out: Float32Array) => void;

/** The float network. */
export function floatPredictor(network: Mlp): Predictor {
  return (features, at, out) => {
    out.set(network.forward(features, at));
    toProbabilities(out);
  };
}

/** Probabilities of every row: rows × outputs. */
export function predictAll(
  predict: Predictor,
  data: Dataset,
  outputs: number,
  onRow: (done: number) => void = () => undefined,
): Float32Array {
  const all = new Float32Array(data.rows * outputs);
  for (let row = 0; row < data.rows; row++) {
    predict(data.features, row * data.featureCount, all.subarray(row * outputs, (row + 1) * outputs));
    if (row % 1024 === 1023) onRow(row + 1);
  }
  return all;
}
