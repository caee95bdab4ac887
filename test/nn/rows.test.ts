import { expect, it } from "vitest";
import type { Clock } from "../../lib/hal/clock.js";
import { compileModel } from "../../scripts/model/compile.js";
import { Interpreter } from "../../lib/nn/interpreter.js";
import { openModelPack } from "../../lib/nn/model-pack.js";
import type { Kernel } from "../../lib/nn/operator.js";
import type { OperatorContext } from "../../lib/nn/operator-context.js";
import { espruinoForms } from "../../scripts/fuzz/espruino-forms.js";
import { hostNative } from "../../scripts/model/host-native.js";
import { hostInterpreter } from "../../scripts/model/golden-vectors.js";
import { kernels } from "../../scripts/model/kernels.js";
import type { TensorDescription } from "../../scripts/model/tflite/writer-model.js";
import { int32, int8, oneOperator, twoHalves } from "./reference/one-operator.js";

const clock: Clock = { nowMs: () => 0, after: () => 0, cancel: () => undefined };
const table = (count: number): TensorDescription => int8([count], 0.1, 0);
const float = (count: number): TensorDescription => ({ name: "f", shape: [count], type: "float32" });
const short = (count: number): TensorDescription => ({ ...table(count), type: "int16" });
const image = (...shape: number[]): TensorDescription => int8([1, ...shape], 0.1, 0);
const window = { padding: 1, stride_w: 1, stride_h: 1 };
const ones = (shape: number[]): TensorDescription =>
  int8(shape, 0.1, 0, new Int8Array(shape.reduce((a, b) => a * b, 1)).fill(1));

/** Steps that a model takes, one row each. */
function rowsOf(file: Uint8Array): number {
  const interpreter = hostInterpreter(compileModel(file, { rounding: "tflm" }).pack);
  let rows = 1;
  while (!interpreter.step(0, clock)) rows++;
  return rows;
}

/** What is worked on between two looks at the clock: none of it is nothing. */
const CASES: readonly (readonly [what: string, file: Uint8Array, rows: number])[] = [
  ["256 elements of a table", oneOperator("RELU", [table(512), table(512)]), 2],
  ["256 elements of a table, the last row shorter", oneOperator("RELU", [table(513), table(513)]), 3],
  ["64 floats that are quantized", oneOperator("QUANTIZE", [float(128), table(128)]), 2],
  ["64 floats, and one more", oneOperator("QUANTIZE", [float(129), table(129)]), 3],
  ["64 floats that are made", oneOperator("DEQUANTIZE", [table(129), float(129)]), 3],
  ["256 numbers of 16 bits", oneOperator("QUANTIZE", [short(513), table(513)]), 3],
  ["256 sums", oneOperator("ADD", [table(512), ones([512]), table(512)]), 3],
  ["256 products", oneOperator("MUL", [table(513), ones([513]), table(513)]), 4],
  ["a sum of two halves, each copied in one row", twoHalves("ADD", 512, [0.1, 0.1, 0.1], [0, 0, 0]), 4],
  [
    "256 elements of a filling, and a row that is copied",
    oneOperator("PAD", [table(500), int32([6, 7], [1, 2]), table(513)]),
    4,
  ],
  ["eight units of a dense layer", oneOperator("FULLY_CONNECTED", [image(4), ones([17, 4]), int8([1, 17], 1, 0)]), 3],
  ["256 elements of a filling, and none more", oneOperator("PAD", [table(500), int32([5, 7], [1, 2]), table(512)]), 3],
  [
    "eight units, of more than a list of the native form has",
    oneOperator("FULLY_CONNECTED", [image(4), ones([70, 4]), int8([1, 70], 1, 0)]),
    9,
  ],
  [
    "one of two inputs of a dense layer",
    oneOperator("FULLY_CONNECTED", [int8([2, 4], 1, 0), ones([16, 4]), int8([2, 16], 1, 0)]),
    2,
  ],
  ["a row of a convolution", oneOperator("CONV_2D", [image(5, 4, 2), ones([3, 2, 2, 2]), image(4, 3, 3)], window), 4],
  [
    "a row of a depthwise convolution",
    oneOperator("DEPTHWISE_CONV_2D", [image(5, 4, 2), ones([1, 2, 2, 2]), image(4, 3, 2)], {
      ...window,
      depth_multiplier: 1,
    }),
    4,
  ],
  [
    "a row of a pool",
    oneOperator("MAX_POOL_2D", [image(5, 4, 2), image(4, 3, 2)], { ...window, filter_width: 2, filter_height: 2 }),
    4,
  ],
  ["a row of classes", oneOperator("SOFTMAX", [int8([3, 4], 0.1, 0), int8([3, 4], 1 / 256, -128)], { beta: 1 }), 3],
  ["one result of a mean", oneOperator("MEAN", [int8([3, 4, 5], 1, 0), int32([1]), int8([3, 5], 1, 0)]), 15],
  [
    "a line of a transposition",
    oneOperator("TRANSPOSE", [int8([2, 3, 4], 1, 0), int32([2, 1, 0]), int8([4, 3, 2], 1, 0)]),
    12,
  ],
];

const forms = { loops: Object.values(kernels), espruino: [...(await espruinoForms()), ...Object.values(kernels)] };

/** The kernels of a model, and the arena they work on. */
function kernelsOf(file: Uint8Array, backend: keyof typeof forms): { list: Kernel[]; arena: Int8Array } {
  const list: Kernel[] = [];
  const watched = forms[backend].map(({ code, prepare }) => ({
    code,
    prepare(context: OperatorContext): Kernel | undefined {
      const kernel = prepare(context);
      if (kernel !== undefined) list.push(kernel);
      return kernel;
    },
  }));
  // Little scratch memory, so that native forms have more rows than one.
  const { pack } = compileModel(file, { rounding: "tflm", backend, scratchBudget: 0 });
  const interpreter = new Interpreter(openModelPack(new Uint8Array(pack).buffer), watched, hostNative);
  interpreter.prepare();
  interpreter.tensorArena.fill(99);
  interpreter.input.fill(-7);
  return { list, arena: interpreter.tensorArena };
}

it.each(CASES)("rows of a native form, one by one, do what all do at once: %s", (_, file) => {
  const { list, arena } = kernelsOf(file, "espruino");
  for (const kernel of list) {
    const before = arena.slice();
    for (let row = 0; row < kernel.rows; row++) kernel.run(row, row + 1);
    const oneByOne = arena.slice();
    expect(oneByOne).not.toEqual(before);
    arena.set(before);
    kernel.run(0, kernel.rows);
    expect(arena).toEqual(oneByOne);
  }
});

it.each(CASES)("no two rows do the same, and each does something: %s", (_, file) => {
  const { list, arena } = kernelsOf(file, "loops");
  for (const kernel of list) {
    const before = arena.slice();
    const changed = new Set<number>();
    for (let row = 0; row < kernel.rows; row++) {
      arena.set(before);
      kernel.run(row, row + 1);
      const own = [...arena.keys()].filter((i) => arena[i] !== before[i]);
      expect(own.length).toBeGreaterThan(0);
      expect(own.filter((i) => changed.has(i))).toEqual([]);
      for (const i of own) changed.add(i);
    }
    // All rows at once do what they do one by one, and no row is left out.
    arena.set(before);
    kernel.run(0, kernel.rows);
    expect([...arena.keys()].filter((i) => arena[i] !== before[i])).toEqual([...changed].sort((a, b) => a - b));
  }
});

it.each(CASES)("a row is %s", (_, file, rows) => {
  expect(rowsOf(file)).toBe(rows);
});
