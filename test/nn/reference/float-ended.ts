import type { OperatorDescription, TensorDescription } from "../../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../../scripts/model/tflite/writer.js";
import { sequence } from "../../support/small-models.js";
import { int32, int8 } from "./one-operator.js";

/** A model that is one int8 operator between float32 ends, for runtimes that have no other ends. */
export interface FloatEnded {
  readonly file: Uint8Array;
  /** The operator's own input and output. */
  readonly input: TensorDescription;
  readonly output: TensorDescription;
}

/** Draws a model of a kind. */
export type Draw = () => FloatEnded;

/** One model of each kind, drawn by chance: shapes, scales, zero points, weights. @param seed another one, other models */
export function floatEndedModels(seed: number): Record<string, Draw> {
  const next = sequence(seed);
  const pick = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  const scale = (): number => Math.fround(2 ** (-1 - next() * 5));
  const wide = (): number => Math.fround(2 ** (next() * 14 - 8));
  const zero = (): number => pick(-128, 127);
  const any = (shape: number[], data?: Int8Array): TensorDescription => int8(shape, scale(), zero(), data);
  const bytes = (count: number): Int8Array => Int8Array.from({ length: count }, () => pick(-127, 127));
  const size = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

  function kernel(shape: number[], channels: number, dimension: number): TensorDescription {
    const scales = Array.from({ length: channels }, () => Math.fround(0.001 + next() * 0.01));
    return {
      name: "w",
      shape,
      type: "int8",
      data: bytes(size(shape)),
      quantization: { scale: scales, zeroPoint: scales.map(() => 0), dimension },
    };
  }

  function bias(units: number, input: TensorDescription, weights: TensorDescription): TensorDescription {
    const own = weights.quantization!.scale.map((s) => Math.fround(s * input.quantization!.scale[0]!));
    return {
      ...int32(Array.from({ length: units }, () => pick(-1000, 1000))),
      quantization: { scale: own, zeroPoint: own.map(() => 0) },
    };
  }

  function windowed(operator: "CONV_2D" | "DEPTHWISE_CONV_2D", perTensor = false): FloatEnded {
    const [height, width, channels] = [pick(4, 8), pick(4, 8), pick(1, 3)];
    const [kernelHeight, kernelWidth, stride] = [pick(1, 3), pick(1, 3), pick(1, 2)];
    const same = next() < 0.5;
    const dilation = stride === 1 && next() < 0.4 ? 2 : 1;
    const out = (extent: number, reach: number): number =>
      same ? Math.ceil(extent / stride) : Math.floor((extent - (reach - 1) * dilation - 1) / stride) + 1;
    const [outHeight, outWidth] = [out(height, kernelHeight), out(width, kernelWidth)];
    if (outHeight < 1 || outWidth < 1) return windowed(operator, perTensor);
    const isDepthwise = operator === "DEPTHWISE_CONV_2D";
    const multiplier = pick(1, 3);
    const units = isDepthwise ? channels * multiplier : pick(1, 5);
    const input = any([1, height, width, channels]);
    const shape = isDepthwise ? [1, kernelHeight, kernelWidth, units] : [units, kernelHeight, kernelWidth, channels];
    const weights = kernel(shape, perTensor ? 1 : units, isDepthwise ? 3 : 0);
    const tensors = [input, weights, bias(units, input, weights), any([1, outHeight, outWidth, units])];
    return ended(operator, tensors, {
      padding: same ? 0 : 1,
      stride_w: stride,
      stride_h: stride,
      fused_activation_function: pick(0, 3),
      dilation_w_factor: dilation,
      dilation_h_factor: dilation,
      ...(isDepthwise && { depth_multiplier: multiplier }),
    });
  }

  function dense(perUnit: boolean): FloatEnded {
    const [depth, units] = [pick(1, 40), pick(2, 20)];
    const input = any([1, depth]);
    const weights = kernel([units, depth], perUnit ? units : 1, 0);
    const tensors = [input, weights, bias(units, input, weights), any([1, units])];
    return ended("FULLY_CONNECTED", tensors, { fused_activation_function: pick(0, 3) });
  }

  function pool(operator: "AVERAGE_POOL_2D" | "MAX_POOL_2D"): FloatEnded {
    const [height, width, stride] = [pick(2, 8), pick(2, 8), pick(1, 3)];
    const [s, z, channels] = [scale(), zero(), pick(1, 4)];
    const out = [1, Math.ceil(height / stride), Math.ceil(width / stride), channels];
    return ended(operator, [int8([1, height, width, channels], s, z), int8(out, s, z)], {
      padding: 0,
      stride_w: stride,
      stride_h: stride,
      // LiteRT leaves pools of one element to another kernel, which wants no padding.
      filter_width: pick(stride, stride + 2),
      filter_height: pick(stride, stride + 2),
      fused_activation_function: pick(0, 3),
    });
  }

  function sum(operator: "ADD" | "SUB" | "MUL"): FloatEnded {
    const shape = [1, pick(1, 6), pick(1, 20), pick(1, 4)];
    const other = next() < 0.5 ? shape : shape.slice(3);
    return ended(operator, [any(shape), any(other, bytes(size(other))), any(shape)], {
      fused_activation_function: pick(0, 3),
    });
  }

  /** An operator of single values: all of them go in. */
  function table(operator: OperatorDescription["operator"], output: () => TensorDescription, options = {}): FloatEnded {
    return ended(operator, [int8([1, 256], wide(), zero()), output()], options);
  }

  function moved(
    operator: OperatorDescription["operator"],
    from: number[],
    others: TensorDescription[],
    to: number[],
    options: OperatorDescription["options"] = {},
  ): FloatEnded {
    const [s, z] = [scale(), zero()];
    const tensors = others.map((tensor) =>
      tensor.type === "int8" ? int8(tensor.shape, s, z, tensor.data as Int8Array) : tensor,
    );
    return ended(operator, [int8(from, s, z), ...tensors, int8(to, s, z)], options);
  }

  const anywhere = (): TensorDescription => int8([1, 256], wide(), zero());
  return {
    CONV_2D: () => windowed("CONV_2D"),
    "CONV_2D, one scale": () => windowed("CONV_2D", true),
    DEPTHWISE_CONV_2D: () => windowed("DEPTHWISE_CONV_2D"),
    FULLY_CONNECTED: () => dense(false),
    "FULLY_CONNECTED, a scale for each unit": () => dense(true),
    AVERAGE_POOL_2D: () => pool("AVERAGE_POOL_2D"),
    MAX_POOL_2D: () => pool("MAX_POOL_2D"),
    MEAN: () => {
      const [height, width, channels] = [pick(1, 6), pick(1, 6), pick(1, 12)];
      return ended("MEAN", [any([1, height, width, channels]), int32([1, 2]), any([1, channels])]);
    },
    ADD: () => sum("ADD"),
    SUB: () => sum("SUB"),
    MUL: () => sum("MUL"),
    RELU: () => table("RELU", anywhere),
    RELU6: () => table("RELU6", anywhere),
    LEAKY_RELU: () => table("LEAKY_RELU", anywhere, { alpha: [0.001, 0.01, 0.1, 0.25, 0.75, 1.5, -0.25][pick(0, 6)]! }),
    HARD_SWISH: () => ended("HARD_SWISH", [int8([1, 256], scale(), zero()), int8([1, 256], scale(), zero())]),
    LOGISTIC: () => table("LOGISTIC", () => int8([1, 256], 1 / 256, -128)),
    TANH: () => table("TANH", () => int8([1, 256], 1 / 128, 0)),
    SOFTMAX: () => {
      const shape = [pick(1, 3), pick(2, 12)];
      return ended("SOFTMAX", [any(shape), int8(shape, 1 / 256, -128)], { beta: 1 });
    },
    QUANTIZE: () => table("QUANTIZE", anywhere),
    RESHAPE: () => moved("RESHAPE", [2, 9], [int32([3, 6])], [3, 6]),
    SQUEEZE: () => moved("SQUEEZE", [1, 2, 1, 9], [], [2, 9]),
    EXPAND_DIMS: () => moved("EXPAND_DIMS", [2, 9], [int32([1])], [2, 1, 9]),
    TRANSPOSE: () => moved("TRANSPOSE", [2, 3, 4], [int32([2, 0, 1])], [4, 2, 3]),
    PAD: () => moved("PAD", [1, 3, 4, 2], [int32([0, 0, 1, 2, 0, 1, 0, 0], [4, 2])], [1, 6, 5, 2]),
    CONCATENATION: () => moved("CONCATENATION", [2, 3], [int8([2, 2], 1, 0, bytes(4))], [2, 5], { axis: 1 }),
    STRIDED_SLICE: () => moved("STRIDED_SLICE", [5, 6], [int32([1, 0]), int32([5, 5]), int32([2, 1])], [2, 5]),
  };
}

function ended(
  operator: OperatorDescription["operator"],
  tensors: readonly TensorDescription[],
  options: OperatorDescription["options"] = {},
): FloatEnded {
  const count = tensors.length;
  const input = tensors[0]!;
  const output = tensors[count - 1]!;
  const float = (shape: readonly number[]): TensorDescription => ({ name: "float", shape, type: "float32" });
  const file = writeTflite({
    tensors: [...tensors, float(input.shape), float(output.shape)],
    operators: [
      { operator: "QUANTIZE", inputs: [count], outputs: [0] },
      { operator, inputs: tensors.slice(0, -1).map((_, i) => i), outputs: [count - 1], options },
      { operator: "DEQUANTIZE", inputs: [count - 1], outputs: [count + 1] },
    ],
    inputs: [count],
    outputs: [count + 1],
  });
  return { file, input, output };
}
