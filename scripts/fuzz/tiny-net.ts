import type { ModelDescription, OperatorDescription, TensorDescription } from "../model/tflite/writer-model.js";
import { writeTflite } from "../model/tflite/writer.js";

/** Bytes of the tiny net's input. */
export const TINY_INPUT_BYTES = 9;

/**
 * A 3×3 image through nearly every kernel there is, a few elements each: for what is tried very often. About 100
 * multiply-accumulates.
 */
export function tinyNet(): Uint8Array {
  return writeTflite(tinyNetDescription());
}

/** The same as plain data. */
export function tinyNetDescription(): ModelDescription {
  const tensors: TensorDescription[] = [];
  const operators: OperatorDescription[] = [];
  const add = (tensor: TensorDescription): number => tensors.push(tensor) - 1;
  const activation = (shape: number[], scale: number, zero: number): number =>
    add({
      name: `t${tensors.length}`,
      shape,
      type: "int8",
      quantization: { scale: [Math.fround(scale)], zeroPoint: [zero] },
    });
  const constant = (shape: number[], scales: number[], dimension: number): number =>
    add({
      name: `w${tensors.length}`,
      shape,
      type: "int8",
      data: Int8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 67 + 13) % 255) - 127),
      quantization: { scale: scales.map((scale) => Math.fround(scale)), zeroPoint: scales.map(() => 0), dimension },
    });
  const numbers = (values: number[], shape = [values.length]): number =>
    add({ name: `c${tensors.length}`, shape, type: "int32", data: Int32Array.from(values) });
  const then = (
    operator: OperatorDescription["operator"],
    inputs: number[],
    output: number,
    options: OperatorDescription["options"] = {},
  ): number => {
    operators.push({ operator, inputs, outputs: [output], options });
    return output;
  };
  const window = (padding: number): Record<string, number> => ({ padding, stride_w: 1, stride_h: 1 });

  const image = activation([1, 3, 3, 1], 0.02, -5);
  let at = then(
    "CONV_2D",
    [image, constant([2, 2, 2, 1], [0.01, 0.02], 0), numbers([100, -200])],
    activation([1, 3, 3, 2], 0.05, 3),
    window(0),
  );
  at = then(
    "DEPTHWISE_CONV_2D",
    [at, constant([1, 2, 2, 2], [0.01, 0.02], 3), numbers([50, -70])],
    activation([1, 2, 2, 2], 0.06, -9),
    { ...window(1), depth_multiplier: 1 },
  );
  at = then("ADD", [at, constant([2], [0.03], 0)], activation([1, 2, 2, 2], 0.08, 5));
  at = then("MUL", [at, constant([2], [0.03], 0)], activation([1, 2, 2, 2], 0.1, 0));
  const pool = { ...window(0), filter_width: 2, filter_height: 2 };
  at = then("AVERAGE_POOL_2D", [at], activation([1, 2, 2, 2], 0.1, 0), pool);
  at = then("MAX_POOL_2D", [at], activation([1, 1, 1, 2], 0.1, 0), { ...pool, padding: 1 });
  const flat = then("MEAN", [at, numbers([1, 2])], activation([1, 2], 0.1, 2));
  at = then("PAD", [flat, numbers([0, 0, 1, 0], [2, 2])], activation([1, 3], 0.1, 2));
  at = then("FULLY_CONNECTED", [at, constant([3, 3], [0.02], 0), numbers([1, 2, 3])], activation([1, 3], 0.1, 0));
  at = then("LOGISTIC", [at], activation([1, 3], 1 / 256, -128));
  at = then("SOFTMAX", [at], activation([1, 3], 1 / 256, -128), { beta: 1 });
  const swapped = then("TRANSPOSE", [at, numbers([1, 0])], activation([3, 1], 1 / 256, -128));
  const rest = then(
    "STRIDED_SLICE",
    [swapped, numbers([2, 0]), numbers([0, 1]), numbers([-1, 1])],
    activation([2, 1], 1 / 256, -128),
  );
  at = then("CONCATENATION", [swapped, rest], activation([5, 1], 1 / 256, -128), { axis: 0 });
  at = then("HARD_SWISH", [at], activation([5, 1], 0.01, -10));
  return { tensors, operators, inputs: [image], outputs: [at] };
}

/** A dense layer between float32 ends, as plain data. */
export function floatNetDescription(): ModelDescription {
  const int8 = (name: string, shape: number[], scale: number, data?: Int8Array): TensorDescription => ({
    name,
    shape,
    type: "int8",
    quantization: { scale: [Math.fround(scale)], zeroPoint: [0] },
    ...(data && { data }),
  });
  return {
    tensors: [
      { name: "in", shape: [1, 4], type: "float32" },
      int8("quantized", [1, 4], 0.1),
      int8(
        "weights",
        [3, 4],
        0.05,
        Int8Array.from({ length: 12 }, (_, i) => i * 20 - 110),
      ),
      int8("dense", [1, 3], 0.2),
      int8("curved", [1, 3], 1 / 128),
      { name: "out", shape: [1, 3], type: "float32" },
    ],
    operators: [
      { operator: "QUANTIZE", inputs: [0], outputs: [1] },
      { operator: "FULLY_CONNECTED", inputs: [1, 2], outputs: [3] },
      { operator: "TANH", inputs: [3], outputs: [4] },
      { operator: "DEQUANTIZE", inputs: [4], outputs: [5] },
    ],
    inputs: [0],
    outputs: [5],
  };
}

/** A dense layer of more weights than a segment of a pack holds, as plain data. */
export function wideNetDescription(): ModelDescription {
  const [depth, units] = [260, 256];
  const quantization = { scale: [Math.fround(0.01)], zeroPoint: [0] };
  const data = Int8Array.from({ length: depth * units }, (_, i) => ((i * 7919) % 255) - 127);
  return {
    tensors: [
      { name: "in", shape: [1, depth], type: "int8", quantization },
      { name: "weights", shape: [units, depth], type: "int8", data, quantization },
      { name: "out", shape: [1, units], type: "int8", quantization: { scale: [Math.fround(0.5)], zeroPoint: [0] } },
    ],
    operators: [{ operator: "FULLY_CONNECTED", inputs: [0, 1], outputs: [2] }],
    inputs: [0],
    outputs: [2],
  };
}
