import { toProbabilities, type Mlp } from "./mlp.js";

const LEAST_PROBABILITY = 1e-12;

/** Gradient of the loss with regard to every weight, summed over the examples of a batch. */
export class Gradient {
  /** As the network's layers: weights, then bias of each. */
  readonly parts: readonly Float32Array[];
  readonly #deltas: readonly Float32Array[];

  constructor(private readonly network: Mlp) {
    this.parts = network.layers.flatMap((layer) => [
      new Float32Array(layer.weights.length),
      new Float32Array(layer.bias.length),
    ]);
    this.#deltas = network.layers.map((layer) => new Float32Array(layer.outputs));
  }

  clear(): void {
    for (const part of this.parts) part.fill(0);
  }

  /** Adds one example (cross-entropy times `weight`) and returns its loss. */
  add(features: Float32Array, at: number, label: number, weight: number): number {
    const { layers, activations } = this.network;
    const last = layers.length - 1;
    const delta = this.#deltas[last]!;
    delta.set(this.network.forward(features, at));
    toProbabilities(delta);
    const loss = weight * crossEntropy(delta, label);
    if (delta.length === 1) delta[0] = (delta[0]! - label) * weight;
    else for (let o = 0; o < delta.length; o++) delta[o] = (delta[o]! - (o === label ? 1 : 0)) * weight;
    for (let l = last; l >= 0; l--) {
      const { inputs, outputs, weights } = layers[l]!;
      const input = l > 0 ? activations[l - 1]! : features;
      const offset = l > 0 ? 0 : at;
      const below = l > 0 ? this.#deltas[l - 1]! : undefined;
      const weightGradient = this.parts[2 * l]!;
      const biasGradient = this.parts[2 * l + 1]!;
      below?.fill(0);
      for (let o = 0; o < outputs; o++) {
        const error = this.#deltas[l]![o]!;
        if (error === 0) continue;
        biasGradient[o] = biasGradient[o]! + error;
        for (let i = 0, w = o * inputs; i < inputs; i++, w++) {
          weightGradient[w] = weightGradient[w]! + error * input[offset + i]!;
          if (below !== undefined) below[i] = below[i]! + error * weights[w]!;
        }
      }
      if (below !== undefined) for (let i = 0; i < inputs; i++) if (input[i]! <= 0) below[i] = 0;
    }
    return loss;
  }
}

/** Cross-entropy of one example, in nats. */
export function crossEntropy(probabilities: Float32Array, label: number): number {
  const ofLabel = probabilities.length > 1 ? probabilities[label]! : label ? probabilities[0]! : 1 - probabilities[0]!;
  return -Math.log(Math.max(LEAST_PROBABILITY, ofLabel));
}
