import type { OperatorDescription, TensorDescription } from "../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../scripts/model/tflite/writer.js";
import { sequence } from "./small-models.js";

/** A network of the operators that Espruino's TensorFlow has, with everything about it drawn by chance. */
export interface FirmwareNet {
  readonly file: Uint8Array;
  readonly inputBytes: number;
  /** True where its input is float32. */
  readonly isFloat: boolean;
}

/**
 * [QUANTIZE] CONV_2D DEPTHWISE_CONV_2D, a pool, RESHAPE FULLY_CONNECTED and SOFTMAX or DEQUANTIZE.
 * @param seed another one gives another network
 */
export function firmwareNet(seed: number): FirmwareNet {
  const next = sequence(seed * 7919);
  const pick = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  const scale = (): number => Math.fround(0.002 + next() * 0.01);
  const tensors: TensorDescription[] = [];
  const operators: OperatorDescription[] = [];
  const add = (tensor: TensorDescription): number => tensors.push(tensor) - 1;
  const activation = (shape: number[], scaleOf: number, zero: number): number =>
    add({
      name: `t${tensors.length}`,
      shape,
      type: "int8",
      quantization: { scale: [Math.fround(scaleOf)], zeroPoint: [zero] },
    });
  const weights = (shape: number[], channels: number, dimension: number): number =>
    add({
      name: `w${tensors.length}`,
      shape,
      type: "int8",
      data: Int8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => pick(-127, 127)),
      quantization: {
        scale: Array.from({ length: channels }, scale),
        zeroPoint: Array.from({ length: channels }, () => 0),
        dimension,
      },
    });
  const bias = (input: number, weight: number, units: number): number => {
    const from = tensors[input]!.quantization!.scale[0]!;
    const own = tensors[weight]!.quantization!.scale;
    return add({
      name: `b${tensors.length}`,
      shape: [units],
      type: "int32",
      data: Int32Array.from({ length: units }, () => pick(-3000, 3000)),
      quantization: { scale: own.map((s) => Math.fround(s * from)), zeroPoint: own.map(() => 0) },
    });
  };
  const out = (size: number, window: number, stride: number, dilation: number, same: boolean): number =>
    same ? Math.ceil(size / stride) : Math.floor((size - (window - 1) * dilation - 1) / stride) + 1;

  const isFloat = next() < 0.4;
  const [height, width, channels] = [pick(6, 9), pick(6, 9), pick(1, 3)];
  const first = isFloat ? add({ name: "in", shape: [1, height, width, channels], type: "float32" }) : -1;
  let at = activation([1, height, width, channels], isFloat ? 1 : 0.03, pick(-20, 20));
  if (isFloat) operators.push({ operator: "QUANTIZE", inputs: [first], outputs: [at] });

  let shape = [height, width, channels];
  const window = (kind: "CONV_2D" | "DEPTHWISE_CONV_2D"): void => {
    const depthwise = kind === "DEPTHWISE_CONV_2D";
    const multiplier = pick(1, 2);
    const units = depthwise ? shape[2]! * multiplier : pick(2, 6);
    const kernel = [pick(1, 3), pick(1, 3)];
    const stride = pick(1, 2);
    const same = next() < 0.6;
    const dilation = !depthwise && next() < 0.3 ? 2 : 1;
    const [h, w] = [0, 1].map((axis) => out(shape[axis]!, kernel[axis]!, stride, dilation, same));
    const channelsOfScale = next() < 0.7 ? units : 1;
    const weight = depthwise
      ? weights([1, kernel[0]!, kernel[1]!, units], channelsOfScale, 3)
      : weights([units, kernel[0]!, kernel[1]!, shape[2]!], channelsOfScale, 0);
    const biases = bias(at, weight, units);
    const fused = depthwise ? pick(0, 1) : pick(0, 3);
    const to = activation([1, h!, w!, units], 0.02 + next() * 0.1, depthwise && fused ? -128 : pick(-128, 30));
    operators.push({
      operator: kind,
      inputs: [at, weight, biases],
      outputs: [to],
      options: {
        padding: same ? 0 : 1,
        stride_w: stride,
        stride_h: stride,
        fused_activation_function: fused,
        ...(depthwise ? { depth_multiplier: multiplier } : {}),
        dilation_w_factor: dilation,
        dilation_h_factor: dilation,
      },
    });
    at = to;
    shape = [h!, w!, units];
  };
  window("CONV_2D");
  if (Math.min(shape[0]!, shape[1]!) >= 3 && next() < 0.8) window("DEPTHWISE_CONV_2D");

  const pool = [Math.min(shape[0]!, pick(1, 3)), Math.min(shape[1]!, pick(1, 3))];
  const [poolHeight, poolWidth] = [0, 1].map((axis) => out(shape[axis]!, pool[axis]!, 2, 1, true));
  const { scale: kept, zeroPoint: zero } = tensors[at]!.quantization!;
  const pooled = activation([1, poolHeight!, poolWidth!, shape[2]!], kept[0]!, zero[0]!);
  operators.push({
    operator: next() < 0.5 ? "AVERAGE_POOL_2D" : "MAX_POOL_2D",
    inputs: [at],
    outputs: [pooled],
    options: {
      padding: 0,
      stride_w: 2,
      stride_h: 2,
      filter_height: pool[0]!,
      filter_width: pool[1]!,
      fused_activation_function: pick(0, 3),
    },
  });
  const depth = poolHeight! * poolWidth! * shape[2]!;
  const flat = activation([1, depth], kept[0]!, zero[0]!);
  const wanted = add({ name: "shape", shape: [2], type: "int32", data: Int32Array.of(1, depth) });
  operators.push({ operator: "RESHAPE", inputs: [pooled, wanted], outputs: [flat] });
  const units = pick(2, 9);
  const dense = weights([units, depth], 1, 0);
  const logits = activation([1, units], 0.05 + next() * 0.1, pick(-30, 30));
  operators.push({
    operator: "FULLY_CONNECTED",
    inputs: [flat, dense, bias(flat, dense, units)],
    outputs: [logits],
    options: { fused_activation_function: pick(0, 3) },
  });
  const soft = next() < 0.5;
  const last = soft ? activation([1, units], 1 / 256, -128) : add({ name: "out", shape: [1, units], type: "float32" });
  operators.push({
    operator: soft ? "SOFTMAX" : "DEQUANTIZE",
    inputs: [logits],
    outputs: [last],
    ...(soft && { options: { beta: 1 } }),
  });
  const file = writeTflite({ tensors, operators, inputs: [isFloat ? first : 0], outputs: [last] });
  const elements = height * width * channels;
  return { file, inputBytes: isFloat ? elements * 4 : elements, isFloat };
}

/** Inputs of a network that reach its whole range. */
export function firmwareInputs({ inputBytes, isFloat }: FirmwareNet, records: number, seed: number): Uint8Array {
  const next = sequence(seed * 104729);
  if (!isFloat) return Uint8Array.from({ length: inputBytes * records }, () => Math.floor(next() * 256));
  return new Uint8Array(
    Float32Array.from({ length: (inputBytes / 4) * records }, () => Math.fround(next() * 300 - 150)).buffer,
  );
}
