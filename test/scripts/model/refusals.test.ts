import { expect, it } from "vitest";
import { SertaoError } from "../../../scripts/errors/sertao-error.js";
import { compileModel } from "../../../scripts/model/compile.js";
import type { OperatorDescription, TensorDescription } from "../../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../../scripts/model/tflite/writer.js";
import { int32, int8, oneOperator } from "../../nn/reference/one-operator.js";

type Operator = OperatorDescription["operator"];
type Case = readonly [
  operator: Operator,
  what: string,
  tensors: readonly TensorDescription[],
  options?: OperatorDescription["options"],
];

const data = (count: number): Int8Array => new Int8Array(count).fill(1);
const constant = (shape: number[]): TensorDescription => int8(shape, 0.1, 0, data(shape.reduce((a, b) => a * b, 1)));
const scaled = (tensor: TensorDescription, scale: number[], zeroPoint: number[]): TensorDescription => ({
  ...tensor,
  quantization: { scale, zeroPoint },
});
const window = { padding: 0, stride_w: 1, stride_h: 1 };
const image = int8([1, 4, 4, 2], 0.1, 0);
const table = [int8([4], 0.1, 0), int8([4], 0.1, 0)] as const;
const dense = (
  weights: TensorDescription,
  output = int8([1, 3], 0.1, 0),
  input = int8([1, 6], 0.1, 0),
): TensorDescription[] => [input, weights, int32([1, 2, 3]), output];

const CASES: readonly Case[] = [
  [
    "CONV_2D",
    "its weights have 1 channels: groups are not supported",
    [image, constant([3, 1, 1, 1]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)],
    window,
  ],
  [
    "CONV_2D",
    "its batch size is 2, not 1",
    [int8([2, 4, 4, 2], 1, 0), constant([3, 1, 1, 2]), int32([1, 2, 3]), int8([2, 4, 4, 3], 1, 0)],
    window,
  ],
  [
    "CONV_2D",
    "its output is 4×5 instead of 4×4",
    [image, constant([3, 1, 1, 2]), int32([1, 2, 3]), int8([1, 4, 5, 3], 1, 0)],
    window,
  ],
  [
    "CONV_2D",
    "its output has 2 channels instead of 3",
    [image, constant([3, 1, 1, 2]), int32([1, 2, 3]), int8([1, 4, 4, 2], 1, 0)],
    window,
  ],
  [
    "CONV_2D",
    "a window, stride or dilation is 0",
    [image, constant([3, 1, 1, 2]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)],
    { ...window, stride_w: 0 },
  ],
  [
    "CONV_2D",
    "its padding 2 is not supported",
    [image, constant([3, 1, 1, 2]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)],
    { ...window, padding: 2 },
  ],
  [
    "CONV_2D",
    "its fused activation 4 is not supported",
    [image, constant([3, 1, 1, 2]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)],
    { ...window, fused_activation_function: 4 },
  ],
  ["CONV_2D", "its weights are not 4-D", [image, constant([3, 2]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)], window],
  [
    "CONV_2D",
    "its tensors are not 4-D",
    [int8([4, 4, 2], 1, 0), constant([3, 1, 1, 2]), int32([1, 2, 3]), int8([4, 4, 3], 1, 0)],
    window,
  ],
  [
    "CONV_2D",
    "it has 2 biases for 3 outputs",
    [image, constant([3, 1, 1, 2]), int32([1, 2]), int8([1, 4, 4, 3], 1, 0)],
    window,
  ],
  ["CONV_2D", "t is int8, not int32", [image, constant([3, 1, 1, 2]), constant([3]), int8([1, 4, 4, 3], 1, 0)], window],
  [
    "CONV_2D",
    "t has 2 scales",
    [image, scaled(constant([3, 1, 1, 2]), [1, 1], [0, 0]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)],
    window,
  ],
  [
    "CONV_2D",
    "t has a zero point other than 0",
    [image, scaled(constant([3, 1, 1, 2]), [1], [1]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)],
    window,
  ],
  [
    "CONV_2D",
    "the sums of channel 2 do not fit 32 bits",
    [image, constant([3, 1, 1, 2]), int32([1, 2, 2147483647]), int8([1, 4, 4, 3], 1, 0)],
    window,
  ],
  [
    "DEPTHWISE_CONV_2D",
    "2 channels cannot become 3 with weights for 3",
    [image, constant([1, 1, 1, 3]), int32([1, 2, 3]), int8([1, 4, 4, 3], 1, 0)],
    window,
  ],
  [
    "DEPTHWISE_CONV_2D",
    "its weights are not of shape [1, h, w, channels]",
    [image, constant([2, 1, 1, 2]), int32([1, 2]), image],
    window,
  ],
  ["FULLY_CONNECTED", "its weights are not 2-D", dense(constant([3, 6, 1]))],
  ["FULLY_CONNECTED", "shapes [1,6], [3,5] and [1,3] do not fit", dense(constant([3, 5]))],
  ["FULLY_CONNECTED", "its weights are shuffled", dense(constant([3, 6])), { weights_format: 1 }],
  [
    "AVERAGE_POOL_2D",
    "it changes the scale",
    [image, int8([1, 4, 4, 2], 0.2, 0)],
    { ...window, filter_width: 1, filter_height: 1 },
  ],
  [
    "MAX_POOL_2D",
    "its input and output differ in channels",
    [image, int8([1, 4, 4, 3], 0.1, 0)],
    { ...window, filter_width: 1, filter_height: 1 },
  ],
  ["MEAN", "its axes are not next to each other", [int8([2, 3, 4], 0.1, 0), int32([0, 2]), int8([3], 0.1, 0)]],
  ["MEAN", "it has no axis 3", [int8([2, 3, 4], 0.1, 0), int32([3]), int8([3], 0.1, 0)]],
  ["MEAN", "its output does not have the shape that is left", [int8([2, 3, 4], 0.1, 0), int32([0]), int8([3], 0.1, 0)]],
  ["ADD", "[3] cannot be stretched to [4]", [int8([4], 0.1, 0), constant([3]), int8([4], 0.1, 0)]],
  [
    "SUB",
    "its fused activation 5 is not supported",
    [int8([4], 0.1, 0), constant([4]), int8([4], 0.1, 0)],
    { fused_activation_function: 5 },
  ],
  [
    "MUL",
    "t has 2 scales instead of one",
    [int8([2], 0.1, 0), scaled(constant([2]), [1, 1], [0, 0]), int8([2], 0.1, 0)],
  ],
  ["RELU", "its input and output differ in size", [int8([4], 0.1, 0), int8([5], 0.1, 0)]],
  ["RELU6", "t has zero point 128", [int8([4], 0.1, 128), int8([4], 0.1, 0)]],
  ["LEAKY_RELU", "t has scale 0", [int8([4], 0, 0), int8([4], 0.1, 0)]],
  ["HARD_SWISH", "its input and output differ in size", [int8([4], 0.1, 0), int8([5], 0.1, 0)]],
  ["LOGISTIC", "its output is not of scale 1/256, zero point -128", table],
  ["TANH", "its output is not of scale 1/128, zero point 0", table],
  ["SOFTMAX", "its output is not of scale 1/256, zero point -128", table, { beta: 1 }],
  [
    "SOFTMAX",
    "its 4097 classes are more than 4096",
    [int8([1, 4097], 0.1, 0), int8([1, 4097], 1 / 256, -128)],
    { beta: 1 },
  ],
  ["SOFTMAX", "its beta is -1", [int8([4], 0.1, 0), int8([4], 1 / 256, -128)], { beta: -1 }],
  ["RESHAPE", "it turns 4 elements into 5", [int8([4], 0.1, 0), int8([5], 0.1, 0)]],
  ["SQUEEZE", "it turns int8 into int32", [int8([4], 0.1, 0), { name: "t", shape: [4], type: "int32" }]],
  ["EXPAND_DIMS", "it turns 4 elements into 8", [int8([4], 0.1, 0), int32([0]), int8([1, 8], 0.1, 0)]],
  ["TRANSPOSE", "[0,0] is no order of 2 axes", [int8([2, 2], 0.1, 0), int32([0, 0]), int8([2, 2], 0.1, 0)]],
  ["TRANSPOSE", "its output is [2,3]", [int8([2, 3], 0.1, 0), int32([1, 0]), int8([2, 3], 0.1, 0)]],
  ["PAD", "its paddings do not fit", [int8([2], 0.1, 0), int32([-1, 1], [1, 2]), int8([2], 0.1, 0)]],
  ["PAD", "its output is [5]", [int8([2], 0.1, 0), int32([1, 1], [1, 2]), int8([5], 0.1, 0)]],
  ["CONCATENATION", "it changes the scale", [int8([2], 0.1, 0), constant([2]), int8([4], 0.2, 0)]],
  ["CONCATENATION", "it has no axis 1", [int8([2], 0.1, 0), constant([2]), int8([4], 0.1, 0)], { axis: 1 }],
  ["CONCATENATION", "its inputs fill 4 of 5", [int8([2], 0.1, 0), constant([2]), int8([5], 0.1, 0)]],
  ["CONCATENATION", "input 1 is [2,1]", [int8([2, 2], 0.1, 0), constant([2, 1]), int8([4, 2], 0.1, 0)]],
  [
    "STRIDED_SLICE",
    "its stride along axis 0 is 0",
    [int8([4], 0.1, 0), int32([0]), int32([4]), int32([0]), int8([4], 0.1, 0)],
  ],
  ["STRIDED_SLICE", "it takes nothing", [int8([4], 0.1, 0), int32([2]), int32([2]), int32([1]), int8([1], 0.1, 0)]],
  [
    "STRIDED_SLICE",
    "it takes 4 elements for an output of 3",
    [int8([4], 0.1, 0), int32([0]), int32([4]), int32([1]), int8([3], 0.1, 0)],
  ],
  [
    "STRIDED_SLICE",
    "its ellipsis or new axes are not supported",
    [int8([4], 0.1, 0), int32([0]), int32([4]), int32([1]), int8([4], 0.1, 0)],
    { ellipsis_mask: 1 },
  ],
  [
    "STRIDED_SLICE",
    "its bounds do not fit its axes",
    [int8([2, 2], 0.1, 0), int32([0]), int32([2]), int32([1]), int8([2, 2], 0.1, 0)],
  ],
  ["QUANTIZE", "its input and output differ in size", [int8([4], 0.1, 0), int8([5], 0.1, 0)]],
  [
    "DEQUANTIZE",
    "its input and output differ in size",
    [int8([4], 0.1, 0), { name: "t", shape: [5], type: "float32" }],
  ],
  ["DEQUANTIZE", "its output is int32", [int8([4], 0.1, 0), { name: "t", shape: [4], type: "int32" }]],
  [
    "ARG_MAX",
    "this operator is not supported",
    [int8([4], 0.1, 0), int32([0]), { name: "t", shape: [1], type: "int32" }],
  ],
];

function refusal(file: Uint8Array): SertaoError {
  try {
    compileModel(file, { rounding: "tflm" });
  } catch (error) {
    if (error instanceof SertaoError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

for (const [operator, what, tensors, options] of CASES) {
  it(`${operator}: ${what}`, () => {
    const { code, message } = refusal(oneOperator(operator, tensors, options ?? {}));
    expect(code).toBe("MODEL_OPERATOR_UNSUPPORTED");
    expect(message).toContain(`${operator} (operator 0, ${tensors.at(-1)!.name}): ${what}.`);
  });
}

it("a version of an operator that is newer than known", () => {
  const file = writeTflite({
    tensors: [int8([4], 0.1, 0), int8([4], 0.1, 0)],
    operators: [{ operator: "RELU", inputs: [0], outputs: [1], version: 99 }],
    inputs: [0],
    outputs: [1],
  });
  expect(refusal(file).message).toContain("RELU (operator 0, t): version 99 is newer than 3, the last known.");
});

it("weights that are computed, the second of two operators, by its number", () => {
  const file = writeTflite({
    tensors: [int8([1, 6], 0.1, 0), int8([1, 6], 0.1, 0), { ...int8([6], 0.1, 0), name: "last" }],
    operators: [
      { operator: "RELU", inputs: [0], outputs: [1] },
      { operator: "FULLY_CONNECTED", inputs: [0, 1], outputs: [2] },
    ],
    inputs: [0],
    outputs: [2],
  });
  expect(refusal(file).message).toContain("FULLY_CONNECTED (operator 1, last): t is not a constant.");
});

it("a float model, by its first operator", () => {
  const float = (name: string): TensorDescription => ({ name, shape: [1, 4], type: "float32" });
  const { code, message } = refusal(oneOperator("RELU", [float("in"), float("out")]));
  expect(code).toBe("MODEL_NOT_INT8");
  expect(message).toContain("RELU (operator 0, out) works on float32");
});
