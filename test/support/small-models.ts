import { writeTflite } from "../../scripts/model/tflite/writer.js";
import type { TensorDescription } from "../../scripts/model/tflite/writer-model.js";

/** Numbers that look random and are the same every time. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

function activation(name: string, shape: number[], scale: number, zeroPoint: number): TensorDescription {
  return { name, shape, type: "int8", quantization: { scale: [scale], zeroPoint: [zeroPoint] } };
}

/**
 * An 8×8×3 image through a convolution, a depthwise one, a residual sum, a pool, a dense layer and a softmax: every
 * way a small network goes, in about 3 KB.
 */
export function smallConvNet(seed = 1): Uint8Array {
  const next = sequence(seed);
  const bytes = (count: number): Int8Array => Int8Array.from({ length: count }, () => Math.floor(next() * 255) - 127);
  const biases = (count: number): Int32Array =>
    Int32Array.from({ length: count }, () => Math.floor(next() * 4000) - 2000);
  const weights = (name: string, shape: number[], channels: number, dimension: number): TensorDescription => ({
    name,
    shape,
    type: "int8",
    data: bytes(shape.reduce((product, size) => product * size, 1)),
    quantization: {
      scale: Array.from({ length: channels }, () => Math.fround(0.002 + next() * 0.004)),
      zeroPoint: Array.from({ length: channels }, () => 0),
      dimension,
    },
  });
  const bias = (name: string, count: number): TensorDescription => ({
    name,
    shape: [count],
    type: "int32",
    data: biases(count),
  });
  const tensors: TensorDescription[] = [
    activation("image", [1, 8, 8, 3], 0.02, -5),
    weights("conv weights", [8, 3, 3, 3], 8, 0),
    bias("conv bias", 8),
    activation("conv", [1, 8, 8, 8], 0.03, -128),
    weights("depthwise weights", [1, 3, 3, 8], 8, 3),
    bias("depthwise bias", 8),
    activation("depthwise", [1, 8, 8, 8], 0.04, 3),
    activation("sum", [1, 8, 8, 8], 0.05, -20),
    activation("pooled", [1, 1, 1, 8], 0.05, -20),
    { name: "shape", shape: [2], type: "int32", data: Int32Array.of(1, 8) },
    activation("flat", [1, 8], 0.05, -20),
    { ...weights("dense weights", [4, 8], 1, 0) },
    bias("dense bias", 4),
    activation("logits", [1, 4], 0.08, 11),
    activation("probabilities", [1, 4], 1 / 256, -128),
  ];
  const window = { padding: 0, stride_w: 1, stride_h: 1 };
  return writeTflite({
    tensors,
    inputs: [0],
    outputs: [14],
    operators: [
      { operator: "CONV_2D", inputs: [0, 1, 2], outputs: [3], options: { ...window, fused_activation_function: 1 } },
      { operator: "DEPTHWISE_CONV_2D", inputs: [3, 4, 5], outputs: [6], options: { ...window, depth_multiplier: 1 } },
      { operator: "ADD", inputs: [3, 6], outputs: [7] },
      {
        operator: "AVERAGE_POOL_2D",
        inputs: [7],
        outputs: [8],
        options: { padding: 1, stride_w: 8, stride_h: 8, filter_width: 8, filter_height: 8 },
      },
      { operator: "RESHAPE", inputs: [8, 9], outputs: [10] },
      { operator: "FULLY_CONNECTED", inputs: [10, 11, 12], outputs: [13] },
      { operator: "SOFTMAX", inputs: [13], outputs: [14], options: { beta: 1 } },
    ],
  });
}

/** One dense layer: many weights, few operations. */
export function wideDense(depth: number, units: number): Uint8Array {
  const next = sequence(9);
  const weights = Int8Array.from({ length: depth * units }, () => Math.floor(next() * 255) - 127);
  return writeTflite({
    tensors: [
      activation("in", [1, depth], 0.03, 4),
      { ...activation("weights", [units, depth], 0.004, 0), data: weights },
      { name: "bias", shape: [units], type: "int32", data: new Int32Array(units) },
      activation("out", [1, units], 0.3, -3),
    ],
    inputs: [0],
    outputs: [3],
    operators: [{ operator: "FULLY_CONNECTED", inputs: [0, 1, 2], outputs: [3] }],
  });
}

/**
 * A convolution, a depthwise one and a dense layer between a QUANTIZE and a DEQUANTIZE, for runtimes whose inputs and
 * outputs are float32. The input scale is 1: integers go in as they are.
 */
export function floatEndedConvNet(seed: number): Uint8Array {
  const next = sequence(seed);
  const bytes = (count: number): Int8Array => Int8Array.from({ length: count }, () => Math.floor(next() * 255) - 127);
  const scales = (count: number): number[] => Array.from({ length: count }, () => Math.fround(0.001 + next() * 0.004));
  const kernel = (name: string, shape: number[], channels: number, dimension: number): TensorDescription => ({
    name,
    shape,
    type: "int8",
    data: bytes(shape.reduce((product, size) => product * size, 1)),
    quantization: { scale: scales(channels), zeroPoint: Array.from({ length: channels }, () => 0), dimension },
  });
  const bias = (name: string, input: number, weights: TensorDescription): TensorDescription => {
    const own = weights.quantization!.scale;
    return {
      name,
      shape: [own.length],
      type: "int32",
      data: Int32Array.from(own, () => Math.floor(next() * 3000) - 1500),
      quantization: { scale: own.map((scale) => Math.fround(scale * input)), zeroPoint: own.map(() => 0) },
    };
  };
  const conv = kernel("conv weights", [6, 3, 3, 3], 6, 0);
  const depthwise = kernel("depthwise weights", [1, 3, 3, 6], 6, 3);
  const dense = kernel("dense weights", [5, 96], 1, 0);
  const denseBias = { ...bias("dense bias", 0.9, dense), shape: [5], data: Int32Array.of(-900, 300, 0, 77, 1200) };
  const window = { padding: 0, stride_w: 1, stride_h: 1 };
  return writeTflite({
    tensors: [
      { name: "in", shape: [1, 8, 8, 3], type: "float32" },
      activation("quantized", [1, 8, 8, 3], 1, -3),
      conv,
      bias("conv bias", 1, conv),
      activation("conv", [1, 8, 8, 6], 0.7, -128),
      depthwise,
      bias("depthwise bias", Math.fround(0.7), depthwise),
      activation("depthwise", [1, 4, 4, 6], 0.9, 7),
      dense,
      denseBias,
      activation("out", [1, 5], 1, 0),
      { name: "result", shape: [1, 5], type: "float32" },
    ],
    inputs: [0],
    outputs: [11],
    operators: [
      { operator: "QUANTIZE", inputs: [0], outputs: [1] },
      { operator: "CONV_2D", inputs: [1, 2, 3], outputs: [4], options: { ...window, fused_activation_function: 1 } },
      {
        operator: "DEPTHWISE_CONV_2D",
        inputs: [4, 5, 6],
        outputs: [7],
        options: { padding: 0, stride_w: 2, stride_h: 2, depth_multiplier: 1 },
      },
      { operator: "FULLY_CONNECTED", inputs: [7, 8, 9], outputs: [10] },
      { operator: "DEQUANTIZE", inputs: [10], outputs: [11] },
    ],
  });
}

/** Operators that the other networks lack: QUANTIZE from int16, MAX_POOL_2D, PAD, TRANSPOSE, MUL, RELU6 and MEAN. */
export function movingNet(): Uint8Array {
  const constant = (name: string, shape: number[], values: number[]): TensorDescription => ({
    name,
    shape,
    type: "int32",
    data: Int32Array.from(values),
  });
  return writeTflite({
    tensors: [
      { name: "in", shape: [1, 4, 4, 3], type: "int16", quantization: { scale: [0.001], zeroPoint: [0] } },
      activation("quantized", [1, 4, 4, 3], 0.2, 3),
      activation("pooled", [1, 2, 2, 3], 0.2, 3),
      constant("paddings", [4, 2], [0, 0, 1, 1, 1, 1, 0, 0]),
      activation("padded", [1, 4, 4, 3], 0.2, 3),
      constant("order", [4], [0, 2, 1, 3]),
      activation("turned", [1, 4, 4, 3], 0.2, 3),
      activation("squares", [1, 4, 4, 3], 5, -100),
      activation("cut", [1, 4, 4, 3], 5, -100),
      constant("axes", [2], [1, 2]),
      activation("mean", [1, 3], 4, -90),
    ],
    inputs: [0],
    outputs: [10],
    operators: [
      { operator: "QUANTIZE", inputs: [0], outputs: [1] },
      {
        operator: "MAX_POOL_2D",
        inputs: [1],
        outputs: [2],
        options: { padding: 1, stride_w: 2, stride_h: 2, filter_width: 2, filter_height: 2 },
      },
      { operator: "PAD", inputs: [2, 3], outputs: [4] },
      { operator: "TRANSPOSE", inputs: [4, 5], outputs: [6] },
      { operator: "MUL", inputs: [6, 6], outputs: [7] },
      { operator: "RELU6", inputs: [7], outputs: [8] },
      { operator: "MEAN", inputs: [8, 9], outputs: [10], options: { keep_dims: false } },
    ],
  });
}
