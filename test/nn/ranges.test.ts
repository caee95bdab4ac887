import { describe, expect, it } from "vitest";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { compileModel } from "../../scripts/model/compile.js";
import { hostInterpreter } from "../../scripts/model/golden-vectors.js";
import { Lowering } from "../../scripts/model/lowering.js";
import { seal } from "../../scripts/model/pack-writer.js";
import type { SumRange } from "../../scripts/model/requantize/requantization.js";
import type { Rounding } from "../../scripts/model/rounding.js";
import type { TensorDescription } from "../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../scripts/model/tflite/writer.js";
import { int32, int8, oneOperator, runModelOnce } from "./reference/one-operator.js";

/** Ranges over which the requantizations of a model were proved. */
function provedRanges(file: Uint8Array): SumRange[] {
  const { requantization } = Lowering.prototype;
  const ranges: SumRange[] = [];
  Lowering.prototype.requantization = function (request) {
    ranges.push(...request.ranges);
    return requantization.call(this, request);
  };
  try {
    compileModel(file, { rounding: "tflm" });
  } finally {
    Lowering.prototype.requantization = requantization;
  }
  return ranges;
}

const range = (least: number, greatest: number): SumRange => ({ least, greatest });
const short: TensorDescription = {
  name: "h",
  shape: [4],
  type: "int16",
  quantization: { scale: [0.01], zeroPoint: [7] },
};

it("every sum that can occur is within what is proved, and no other", () => {
  const mean = [int8([4], 0.1, -5), int32([0]), int8([1], 0.1, 3)];
  expect(provedRanges(oneOperator("MEAN", mean))).toEqual([range(4 * (-128 + 5), 4 * (127 + 5))]);
  const product = [int8([1], 0.1, -5), int8([1], 0.2, 9, Int8Array.of(1)), int8([1], 1, 0)];
  // (127 + 5) * (-128 - 9) is the least, (-128 + 5) * (-128 - 9) the greatest.
  expect(provedRanges(oneOperator("MUL", product))).toEqual([range(132 * -137, -123 * -137)]);
  expect(provedRanges(oneOperator("QUANTIZE", [short, int8([4], 0.1, 0)]))).toEqual([range(-32775, 32760)]);
  const weights = int8([2, 3], 0.1, 0, Int8Array.of(3, -4, 0, -1, 2, 5));
  const dense = [int8([1, 3], 0.1, 10), weights, int32([100, -7]), int8([1, 2], 1, 0)];
  expect(provedRanges(oneOperator("FULLY_CONNECTED", dense))).toEqual([
    range(100 + 3 * -138 - 4 * 117, 100 + 3 * 117 - 4 * -138),
    range(-7 - 117 + 7 * -138, -7 + 138 + 7 * 117),
  ]);
});

it("the ranges of a sum are those of its tables", () => {
  const [{ least, greatest }] = provedRanges(
    oneOperator("ADD", [int8([1], 1, 0), int8([1], 1, 0, Int8Array.of(0)), int8([1], 1, 0)]),
  ) as [SumRange];
  // Both operands at half their common scale, with 20 bits below the point.
  expect(least).toBe(-128 * 2 ** 20);
  expect(greatest).toBe(127 * 2 ** 20);
});

const image = (...shape: number[]): TensorDescription => int8([1, ...shape], 0.1, 0);
const ones = (shape: number[]): TensorDescription =>
  int8(shape, 0.1, 0, new Int8Array(shape.reduce((a, b) => a * b, 1)).fill(1));
const table = (count: number): TensorDescription => int8([count], 0.1, 0);
const window = { padding: 0, stride_w: 1, stride_h: 1 };

const SCRATCHED: Readonly<Record<string, Uint8Array>> = {
  "ADD, short": oneOperator("ADD", [table(5), ones([5]), table(5)]),
  "ADD, long": oneOperator("ADD", [table(700), ones([700]), table(700)]),
  "MUL, short": oneOperator("MUL", [table(5), ones([5]), table(5)]),
  "MUL, long": oneOperator("MUL", [table(700), ones([700]), table(700)]),
  "QUANTIZE, short": oneOperator("QUANTIZE", [short, table(4)]),
  MEAN: oneOperator("MEAN", [int8([3, 4], 1, 0), int32([0]), int8([4], 1, 0)]),
  FULLY_CONNECTED: oneOperator("FULLY_CONNECTED", [image(4), ones([5, 4]), int8([1, 5], 1, 0)]),
  CONV_2D: oneOperator("CONV_2D", [image(5, 4, 2), ones([3, 3, 3, 2]), image(5, 4, 3)], window),
  "CONV_2D, direct": oneOperator("CONV_2D", [image(5, 4, 2), ones([3, 1, 1, 2]), image(5, 4, 3)], window),
  DEPTHWISE_CONV_2D: oneOperator("DEPTHWISE_CONV_2D", [image(5, 4, 2), ones([1, 3, 3, 4]), image(5, 4, 4)], {
    ...window,
    depth_multiplier: 2,
  }),
};

it.each(Object.entries(SCRATCHED))("no byte of scratch memory is spare: %s", (_, file) => {
  for (const backend of ["loops", "espruino"] as const) {
    const { pack, report } = compileModel(file, { rounding: "tflm", backend });
    if (report.scratchBytes === 0) continue;
    const less = pack.slice();
    new DataView(less.buffer).setUint32(PackHeader.SCRATCH_BYTES, report.scratchBytes - 1, true);
    seal(less, 1);
    expect(() => hostInterpreter(less), backend).toThrow("E205");
  }
});

/** A pointwise convolution to many channels, then one, plain or depthwise, with large strides. */
function widened(
  operator: "CONV_2D" | "DEPTHWISE_CONV_2D",
  height: number,
  width: number,
  channels: number,
): Uint8Array {
  const units = operator === "CONV_2D" ? 2 : channels;
  const far = { padding: 0, stride_w: 32, stride_h: 32 };
  return writeTflite({
    tensors: [
      image(height, width, 1),
      ones([channels, 1, 1, 1]),
      image(height, width, channels),
      ones(operator === "CONV_2D" ? [units, 3, 3, channels] : [1, 1, 3, channels]),
      image(Math.ceil(height / 32), Math.ceil(width / 32), units),
    ],
    operators: [
      { operator: "CONV_2D", inputs: [0, 1], outputs: [2], options: { padding: 1, stride_w: 1, stride_h: 1 } },
      { operator, inputs: [2, 3], outputs: [4], options: { ...far, ...(units !== 2 && { depth_multiplier: 1 }) } },
    ],
    inputs: [0],
    outputs: [4],
  });
}

it("a native form is taken where its views and tables reach", () => {
  const kernelsOf = (file: Uint8Array): string[] =>
    compileModel(file, { rounding: "tflm", backend: "espruino" }).report.operators.map(({ kernel }) => kernel);
  // 65,535 elements between the two, then 65,536.
  expect(kernelsOf(widened("CONV_2D", 85, 257, 3))).toEqual(["CONV_2D_NATIVE", "CONV_2D_NATIVE"]);
  expect(kernelsOf(widened("CONV_2D", 64, 64, 16))).toEqual(["CONV_2D", "CONV_2D"]);
  expect(kernelsOf(widened("DEPTHWISE_CONV_2D", 85, 257, 3))[1]).toBe("DEPTHWISE_CONV_2D_NATIVE");
  expect(kernelsOf(widened("DEPTHWISE_CONV_2D", 64, 64, 16))[1]).toBe("DEPTHWISE_CONV_2D");
  const units = 65600;
  const many = [image(1), ones([units, 1]), int8([1, units], 1, 0)];
  expect(() => kernelsOf(oneOperator("FULLY_CONNECTED", many))).toThrow("MODEL_TOO_BIG");
  // A kernel of four weights that reaches over 100 rows would be all zeros.
  const spread = [image(101, 8, 2), ones([1, 2, 2, 2]), image(1, 7, 2)];
  const options = { padding: 1, stride_w: 1, stride_h: 1, depth_multiplier: 1, dilation_h_factor: 100 };
  expect(kernelsOf(oneOperator("DEPTHWISE_CONV_2D", spread, options))).toEqual(["DEPTHWISE_CONV_2D"]);
});

describe("the native form of a sum", () => {
  const fitted = [
    [0.05, 0.05, 0.1],
    [0.02, 0.031, 0.047],
    [0.1, 0.07, 0.11],
    [0.0371, 0.0212, 0.0391],
    [0.023, 0.0217, 0.0333],
  ] as const;
  const unfitted = [0.05, 0.03, 0.06] as const;
  const sum = ([a, b, to]: readonly [number, number, number], [zero, outputZero] = [3, 3]): Uint8Array =>
    oneOperator("ADD", [
      int8([40], a, zero),
      int8([40], b, zero, new Int8Array(40).fill(zero)),
      int8([40], to, outputZero),
    ]);
  const kernelOf = (file: Uint8Array, rounding: Rounding): string =>
    compileModel(file, { rounding, backend: "espruino" }).report.operators.at(-1)!.kernel;

  it("is taken where one map gives the bits of all pairs of operands, and nowhere else", () => {
    for (const scales of fitted) {
      expect(kernelOf(sum(scales), "tflm"), scales.join()).toBe("ADD_NATIVE");
      expect(kernelOf(sum(scales), "xnnpack"), scales.join()).toBe("ADD_NATIVE");
    }
    expect(kernelOf(sum(unfitted), "xnnpack")).toBe("ADD_NATIVE");
    expect(kernelOf(sum(unfitted), "tflm")).toBe("ADD");
  });

  it("is right where the output is the least or the greatest there is, whatever the operands", () => {
    // No sum is above 0 in the one case, or below it in the other; some are 0.
    for (const [zero, output] of [
      [127, -128],
      [-128, 127],
    ] as const) {
      const file = sum([0.05, 0.05, 0.001], [zero, output]);
      expect(kernelOf(file, "tflm")).toBe("ADD_NATIVE");
      const input = Int8Array.from({ length: 40 }, (_, i) => (i % 2 ? zero : 100 - 5 * i));
      const options = { rounding: "tflm", backend: "espruino" } as const;
      expect([...runModelOnce(file, input, options)]).toEqual(new Array<number>(40).fill(output));
    }
  });
});

it("a depthwise kernel of one channel runs as a plain one, which shares its inputs", () => {
  const single = [image(8, 9, 1), ones([1, 3, 3, 2]), image(8, 9, 2)];
  const options = { padding: 0, stride_w: 1, stride_h: 1, depth_multiplier: 2 };
  const { report } = compileModel(oneOperator("DEPTHWISE_CONV_2D", single, options), {
    rounding: "tflm",
    backend: "espruino",
  });
  expect(report.kernels).toEqual(["CONV_2D_NATIVE"]);
});

it("a window of one pixel is read in place", () => {
  const direct = oneOperator("CONV_2D", [image(5, 4, 2), ones([3, 1, 1, 2]), image(5, 4, 3)], window);
  // Two sums of 20 windows in doubles, and rows of them for two pairs of channels: no strip and no windows.
  expect(compileModel(direct, { rounding: "tflm", backend: "espruino" }).report.scratchBytes).toBe(
    20 * 2 * 4 + 20 * 2 * 2,
  );
  // By loops the sums of four channels at a time alone.
  expect(compileModel(direct, { rounding: "tflm", backend: "loops" }).report.scratchBytes).toBe(4 * 4);
});
