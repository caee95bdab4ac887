import type { OperatorDescription, TensorDescription } from "../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../scripts/model/tflite/writer.js";

/** Bytes of the tiny net's input. */
export const TINY_INPUT_BYTES = 9;

/**
 * A 3×3 image through nearly every kernel there is, a few elements each: for what is tried very often. About 100
 * multiply-accumulates.
 */
export function tinyNet(): Uint8Array {
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
  return writeTflite({ tensors, operators, inputs: [image], outputs: [at] });
}
