import {
  ACTIVATION,
  type ModelDescription,
  type OperatorDescription,
  type TensorDescription,
} from "../model/tflite/writer-model.js";
import type { Dataset } from "./dataset.js";
import type { Mlp } from "./mlp.js";

/** Logistic outputs are steps of 1/256: a logit beyond this changes none of them. */
const LOGISTIC_REACH = 6.5;

/** real = scale * (stored - zeroPoint), int8. */
export interface Quantization {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Scale and zero point that map a range, widened to hold 0, onto -128 … 127 with 0 exactly on a step. */
export function asymmetric(min: number, max: number): Quantization {
  const low = Math.min(0, min);
  const high = Math.max(0, max);
  const scale = Math.fround(high > low ? (high - low) / 255 : 1);
  return { scale, zeroPoint: Math.min(127, Math.max(-128, Math.round(-128 - low / scale))) };
}

/**
 * Quantizes a network after training, by TFLite's int8 scheme: activations per tensor, asymmetric, ranged by the
 * representative rows; weights per tensor, symmetric in -127 … 127; biases int32 at input scale × weight scale.
 * (B. Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018)
 * @param representative standardized rows like those the device will see
 * @returns a graph of FULLY_CONNECTED with fused ReLU, then LOGISTIC (one output) or SOFTMAX
 */
export function quantizeMlp(network: Mlp, representative: Dataset, description: string): ModelDescription {
  const ranges = activationRanges(network, representative);
  const outputs = network.layers.at(-1)!.outputs;
  const tensors: TensorDescription[] = [activation("input", representative.featureCount, asymmetric(...ranges[0]!))];
  const operators: OperatorDescription[] = [];
  let input = 0;
  network.layers.forEach((layer, index) => {
    const isLast = index === network.layers.length - 1;
    const [min, max] = ranges[index + 1]!;
    const reach = isLast && outputs === 1 ? LOGISTIC_REACH : Infinity;
    const range = asymmetric(Math.max(min, -reach), Math.min(max, reach));
    const weightScale = Math.fround(Math.max(...layer.weights.map(Math.abs), 1e-9) / 127);
    const biasScale = Math.fround(tensors[input]!.quantization!.scale[0]! * weightScale);
    const first = tensors.length;
    tensors.push(
      constant(
        `dense_${index}/weights`,
        [layer.outputs, layer.inputs],
        quantizeWeights(layer.weights, weightScale),
        weightScale,
      ),
      constant(`dense_${index}/bias`, [layer.outputs], quantizeBias(layer.bias, biasScale), biasScale),
      activation(isLast ? "logits" : `dense_${index}`, layer.outputs, range),
    );
    operators.push({
      operator: "FULLY_CONNECTED",
      inputs: [input, first, first + 1],
      outputs: [first + 2],
      options: { fused_activation_function: isLast ? ACTIVATION.NONE : ACTIVATION.RELU },
    });
    input = first + 2;
  });
  tensors.push(activation("output", outputs, { scale: 1 / 256, zeroPoint: -128 }));
  operators.push(
    outputs === 1
      ? { operator: "LOGISTIC", inputs: [input], outputs: [input + 1] }
      : { operator: "SOFTMAX", inputs: [input], outputs: [input + 1], options: { beta: 1 } },
  );
  return { description, tensors, operators, inputs: [0], outputs: [input + 1] };
}

/** Least and greatest value of the input and of each layer's output. */
function activationRanges(network: Mlp, data: Dataset): [number, number][] {
  const ranges = [data.features, ...network.activations].map((): [number, number] => [0, 0]);
  const widen = (range: [number, number], value: number): void => {
    if (value < range[0]) range[0] = value;
    if (value > range[1]) range[1] = value;
  };
  for (const value of data.features) widen(ranges[0]!, value);
  for (let row = 0; row < data.rows; row++) {
    network.forward(data.features, row * data.featureCount);
    network.activations.forEach((values, l) => {
      for (const value of values) widen(ranges[l + 1]!, value);
    });
  }
  return ranges;
}

function quantizeWeights(weights: Float32Array, scale: number): Int8Array {
  return Int8Array.from(weights, (weight) => Math.min(127, Math.max(-127, Math.round(weight / scale))));
}

function quantizeBias(bias: Float32Array, scale: number): Int32Array {
  return Int32Array.from(bias, (value) => Math.min(2147483647, Math.max(-2147483647, Math.round(value / scale))));
}

function activation(name: string, size: number, { scale, zeroPoint }: Quantization): TensorDescription {
  return { name, shape: [1, size], type: "int8", quantization: { scale: [scale], zeroPoint: [zeroPoint] } };
}

function constant(name: string, shape: number[], data: Int8Array | Int32Array, scale: number): TensorDescription {
  const type = data instanceof Int8Array ? "int8" : "int32";
  return { name, shape, type, data, quantization: { scale: [scale], zeroPoint: [0] } };
}
