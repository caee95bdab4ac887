import { describe, expect, it } from "vitest";
import { findBoard } from "../../../boards/index.js";
import { boardFit } from "../../../scripts/model/board-fit.js";
import { compileModel, type CompileOptions } from "../../../scripts/model/compile.js";
import { reportText } from "../../../scripts/model/report-text.js";
import { packKernels } from "../../../scripts/model/pack-kernels.js";
import { greedyPlanBytes } from "../../../scripts/model/tensorflow/greedy-plan.js";
import type { OperatorDescription, TensorDescription } from "../../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../../scripts/model/tflite/writer.js";
import { int8, oneOperator } from "../../nn/reference/one-operator.js";
import { wideDense } from "../../support/small-models.js";

const OPTIONS: CompileOptions = { rounding: "tflm", backend: "tensorflow" };
const zeros = (count: number): Int8Array => new Int8Array(count).fill(3);

function bias(count: number, scale = 0.01): TensorDescription {
  return {
    name: "bias",
    shape: [count],
    type: "int32",
    data: new Int32Array(count),
    quantization: { scale: [Math.fround(scale)], zeroPoint: [0] },
  };
}

/** Per-channel scales along an axis. */
function perChannel(shape: number[], dimension: number): TensorDescription {
  const channels = shape[dimension]!;
  const one = int8(shape, 0.1, 0, zeros(shape.reduce((a, b) => a * b, 1)));
  return {
    ...one,
    quantization: {
      scale: Array.from({ length: channels }, () => Math.fround(0.1)),
      zeroPoint: Array.from({ length: channels }, () => 0),
      dimension,
    },
  };
}

const WINDOW = { padding: 0, stride_w: 1, stride_h: 1 };

function depthwise(options: OperatorDescription["options"], outputZero = -128): Uint8Array {
  return oneOperator(
    "DEPTHWISE_CONV_2D",
    [int8([1, 4, 4, 2], 0.1, 0), perChannel([1, 3, 3, 2], 3), bias(2), int8([1, 4, 4, 2], 0.5, outputZero)],
    { ...WINDOW, depth_multiplier: 1, ...options },
  );
}

function dense(weights: TensorDescription, biases: TensorDescription[], outputShape = [1, 4]): Uint8Array {
  return oneOperator("FULLY_CONNECTED", [int8([1, 6], 0.1, 0), weights, ...biases, int8(outputShape, 0.5, 0)]);
}

const sound = (): Uint8Array => dense(int8([4, 6], 0.1, 0, zeros(24)), [bias(4)]);

/** Two operators and a tensor that nothing reads. */
function withUnused(): Uint8Array {
  return writeTflite({
    tensors: [
      int8([1, 6], 0.1, 0),
      int8([4, 6], 0.1, 0, zeros(24)),
      bias(4),
      int8([1, 4], 0.5, 0),
      { ...int8([1, 4], 1 / 256, -128), name: "unread" },
    ],
    operators: [
      { operator: "FULLY_CONNECTED", inputs: [0, 1, 2], outputs: [3] },
      { operator: "SOFTMAX", inputs: [3], outputs: [4], options: { beta: 1 } },
    ],
    inputs: [0],
    outputs: [3],
  });
}

/** A file with one scalar field of its root table, or of its first operator code, changed. */
function edited(file: Uint8Array, where: "version" | "code"): Uint8Array {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  const field = (table: number, slot: number): number => {
    const vtable = table - view.getInt32(table, true);
    return table + view.getUint16(vtable + 4 + 2 * slot, true);
  };
  const follow = (at: number): number => at + view.getUint32(at, true);
  const root = view.getUint32(0, true);
  if (where === "version") view.setUint32(field(root, 0), 4, true);
  else view.setInt8(field(follow(follow(field(root, 1)) + 4), 0), 0);
  return bytes;
}

/** What the firmware of Espruino 2v29 would get wrong, or die of. */
const REFUSED: readonly (readonly [what: string, file: () => Uint8Array, reason: RegExp])[] = [
  [
    "an operator that it does not have",
    () => oneOperator("TANH", [int8([1, 4], 0.1, 0), int8([1, 4], 1 / 128, 0)]),
    /TANH \(operator 0, t\): the firmware has CONV_2D,.*RESHAPE, and no TANH/,
  ],
  ["a dense layer without bias", () => dense(int8([4, 6], 0.1, 0, zeros(24)), []), /has no bias/],
  [
    "a convolution without bias",
    () =>
      oneOperator("CONV_2D", [int8([1, 4, 4, 2], 0.1, 0), perChannel([3, 1, 1, 2], 0), int8([1, 4, 4, 3], 0.5, 0)], {
        ...WINDOW,
      }),
    /CONV_2D.*has no bias/,
  ],
  [
    "a dense layer with a scale for each unit",
    () => dense(perChannel([4, 6], 0), [bias(4)]),
    /takes its first scale for all units/,
  ],
  [
    "a dense layer with an output of four axes",
    () => dense(int8([4, 6], 0.1, 0, zeros(24)), [bias(4)], [1, 1, 1, 4]),
    /wants \[batches, units\]/,
  ],
  ["a bias of another scale", () => dense(int8([4, 6], 0.1, 0, zeros(24)), [bias(4, 0.5)]), /bias has another scale/],
  [
    "scales along another axis",
    () =>
      oneOperator(
        "CONV_2D",
        [
          int8([1, 4, 4, 2], 0.1, 0),
          {
            ...perChannel([2, 1, 1, 2], 0),
            quantization: { ...perChannel([2, 1, 1, 2], 0).quantization!, dimension: 3 },
          },
          bias(2),
          int8([1, 4, 4, 2], 0.5, 0),
        ],
        WINDOW,
      ),
    /scales lie along axis 3/,
  ],
  [
    "a fused activation of a depthwise convolution",
    () => depthwise({ fused_activation_function: 3 }),
    /leaves out its fused activation/,
  ],
  [
    "a fused RELU that is not the least output",
    () => depthwise({ fused_activation_function: 1 }, -100),
    /leaves out its fused activation/,
  ],
  [
    "a dilated depthwise convolution, padded",
    () => depthwise({ dilation_w_factor: 2, dilation_h_factor: 2 }),
    /pads a dilated window wrongly/,
  ],
  ["a wrong depth multiplier", () => depthwise({ depth_multiplier: 2 }), /depth multiplier of 2 is wrong/],
  ["a tensor that nothing reads", withUnused, /unread: nothing uses it/],
  ["another schema", () => edited(sound(), "version"), /schema has version 4/],
  [
    "operator codes in the new form",
    () => edited(oneOperator("RESHAPE", [int8([1, 4], 1, 0), int8([4], 1, 0)]), "code"),
    /new form only/,
  ],
];

describe("the tensorflow backend refuses, when it compiles,", () => {
  it.each(REFUSED)("%s", (_, file, reason) => {
    // The kernels of lib/nn run all of them.
    expect(compileModel(file(), { ...OPTIONS, backend: "loops" }).pack.length).toBeGreaterThan(0);
    expect(() => compileModel(file(), OPTIONS)).toThrow(reason);
    expect(() => compileModel(file(), OPTIONS)).toThrow(/MODEL_BACKEND/);
  });

  it("another rounding than the firmware's", () => {
    expect(() => compileModel(sound(), { ...OPTIONS, rounding: "xnnpack" })).toThrow(
      /rounds as tflm does, not as xnnpack/,
    );
  });

  it("a file that is not one piece of a pack", () => {
    expect(() => compileModel(wideDense(300, 300), OPTIONS)).toThrow(/MODEL_TOO_BIG.*takes 60000/);
  });

  it("an arena further than Espruino's views reach", () => {
    const file = oneOperator("RESHAPE", [int8([1, 40000], 1, 0), int8([40000], 1, 0)]);
    expect(() => compileModel(file, OPTIONS)).toThrow(/MODEL_BACKEND.*arena of \d+ bytes/);
  });

  it("a board whose firmware has no TensorFlow", () => {
    expect(() => compileModel(sound(), { ...OPTIONS, board: findBoard("esp32")! })).toThrow(/BACKEND_MISSING.*esp32/);
  });
});

describe("the tensorflow backend", () => {
  it("makes one operator of a model, with the file in one piece", () => {
    const file = sound();
    const { pack, report } = compileModel(file, OPTIONS);
    expect(packKernels(pack)).toEqual(["TFLITE_MODEL"]);
    expect(Buffer.from(pack).indexOf(Buffer.from(file)) % 16).toBe(0);
    expect(report.macs).toBe(24);
    expect(report.kernels).toEqual(["TFLITE_MODEL"]);
    const text = reportText(
      { report, board: undefined, fit: undefined, runningJsVars: undefined, estimates: [] },
      "x.smod",
    );
    expect(text).toContain(`the firmware's TensorFlow ${report.engineBytes} bytes`);
    // What an arena of this size takes, and its interpreter.
    expect(report.engineBytes).toBeGreaterThan(1024);
    expect(report.engineBytes).toBeLessThan(4096);
  });

  it("counts what the firmware takes, and the file where flash is not mapped", async () => {
    const small = { ...findBoard("linux-field")!, budgets: { bundleBytes: 24576, packBytes: 393216, jsVars: 100 } };
    const fit = await boardFit(small, compileModel(sound(), { ...OPTIONS, board: small }));
    expect(fit.fits).toBe(false);
    const bytes = Number(/the firmware's TensorFlow (\d+) bytes/.exec(fit.refusals[0]!)![1]);
    const mapped = { ...small, lacks: [] };
    const less = await boardFit(mapped, compileModel(sound(), { ...OPTIONS, board: mapped }));
    expect(bytes - Number(/the firmware's TensorFlow (\d+) bytes/.exec(less.refusals[0]!)![1])).toBe(sound().length);
  });
});

describe("the plan of the firmware's arena", () => {
  it("puts the largest first, each into the lowest gap", () => {
    const buffers = [
      { bytes: 16, first: 0, last: 0 },
      { bytes: 64, first: 0, last: 1 },
      { bytes: 32, first: 1, last: 2 },
      { bytes: 48, first: 2, last: 3 },
    ];
    // 64 at 0, 48 at 0 behind it in time, 32 above both, 16 above 64.
    expect(greedyPlanBytes(buffers)).toBe(96);
    expect(greedyPlanBytes([])).toBe(0);
  });
});
