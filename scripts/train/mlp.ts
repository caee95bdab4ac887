import type { SeededRandom } from "../readings/seeded-random.js";

/** A dense layer: weights as outputs × inputs, as in TFLite. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** A multilayer perceptron with ReLU between its layers. Its last layer gives logits. */
export class Mlp {
  /** Output of each layer for the last `forward`, after ReLU. */
  readonly activations: readonly Float32Array[];

  constructor(readonly layers: readonly DenseLayer[]) {
    this.activations = layers.map((layer) => new Float32Array(layer.outputs));
  }

  /** Weights drawn for ReLU layers (K. He et al., Delving Deep into Rectifiers, 2015), biases 0. */
  static random(sizes: readonly number[], random: SeededRandom): Mlp {
    const layers = sizes.slice(1).map((outputs, index) => {
      const inputs = sizes[index]!;
      const spread = Math.sqrt(2 / inputs);
      const weights = Float32Array.from({ length: inputs * outputs }, () => spread * random.normal());
      return { inputs, outputs, weights, bias: new Float32Array(outputs) };
    });
    return new Mlp(layers);
  }

  /** A copy that training no longer changes. */
  clone(): Mlp {
    return new Mlp(
      this.layers.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() })),
    );
  }

  /** Logits for the example that begins at `at`; the array is reused by the next call. */
  forward(features: Float32Array, at: number): Float32Array {
    let from = features;
    let offset = at;
    const last = this.layers.length - 1;
    for (let l = 0; l <= last; l++) {
      const { inputs, outputs, weights, bias } = this.layers[l]!;
      const to = this.activations[l]!;
      for (let o = 0, w = 0; o < outputs; o++) {
        let sum = bias[o]!;
        for (let i = 0; i < inputs; i++) sum += weights[w++]! * from[offset + i]!;
        to[o] = l < last && sum < 0 ? 0 : sum;
      }
      from = to;
      offset = 0;
    }
    return from;
  }
}

/** Probabilities from logits, in place: logistic of one, softmax of several. */
export function toProbabilities(logits: Float32Array): void {
  if (logits.length === 1) {
    logits[0] = 1 / (1 + Math.exp(-logits[0]!));
    return;
  }
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += logits[i] = Math.exp(logits[i]! - most);
  for (let i = 0; i < logits.length; i++) logits[i] = logits[i]! / sum;
}
