import type { Equivalent } from "./mutant.js";

/** The same change wherever a line stands in several files. */
function inFiles(files: readonly string[], entry: Omit<Equivalent, "file">): Equivalent[] {
  return files.map((file) => ({ file, ...entry }));
}

const SUMMED = ["add", "mul", "requantize"].map((name) => `lib/nn/operators/${name}.ts`);
const ONE_CHANNEL = [...SUMMED, "lib/nn/operators/mean.ts", "lib/nn/espruino/mean.ts"];
const DENSE_LAYER = "scripts/model/dense-layer.ts";
const FIT = "scripts/model/requantize/fit.ts";
const FULLY_CONNECTED_NATIVE = "lib/nn/espruino/fully-connected-native.ts";
const HARD_SWISH = "scripts/model/operators/hard-swish.ts";
const HARD_SWISH_HALF =
  "return { multiplier: multiplier >= 2147483647 - 32768 ? 32767 : (multiplier + 32768) >> 16, shift };";
const HARD_SWISH_WHY = "multipliers beside the bound become 32767 on either way";

/** Mutants of the kernels and their compiler that give the same bytes for every model. */
export const nnEquivalents: readonly Equivalent[] = [
  ...inFiles(ONE_CHANNEL, {
    text: "const requantizer = readRequantizer(context, 1);",
    from: "1",
    to: "2",
    why: "a requantizer of one set of constants does not look at the number of channels",
  }),
  ...inFiles(SUMMED, {
    text: "const length = Math.min(ELEMENTS_PER_ROW, count - at);",
    from: "-",
    to: "+",
    why: "beyond the end of a view nothing is written",
  }),
  {
    file: "lib/nn/operators/copy.ts",
    text: "if (reach < 0) least += reach;",
    from: "<",
    to: "<=",
    why: "a reach of 0 goes nowhere",
  },
  {
    file: "lib/nn/operators/exact-requantize.ts",
    text: "const unit = bits > 30 ? 1073741824 * (1 << (bits - 30)) : 1 << bits;",
    from: "30",
    to: "29",
    why: "30 bits are the same either way",
  },
  {
    file: "lib/nn/dense-rows.ts",
    text: "while (unit + 4 <= to) {",
    from: "<=",
    to: "<",
    why: "the last four rows are then done one by one",
  },
  {
    file: "lib/nn/operators/softmax.ts",
    text: "for (let i = start; i < end; i++) if (input[i]! > greatest) greatest = input[i]!;",
    from: ">",
    to: ">=",
    why: "an equal value is as great",
  },
  {
    file: "lib/nn/espruino/mean.ts",
    text: "for (let r = 0; r < reduced; r++) positions[r] = r * inner;",
    from: "<",
    to: "<=",
    why: "beyond the end of a view nothing is written",
  },
  {
    file: "lib/nn/espruino/average-pool-2d.ts",
    text: "const wanted = rows * 65536 + columns;",
    from: "+",
    to: "-",
    why: "the key still tells sizes apart",
  },
  {
    file: "lib/nn/espruino/average-pool-2d.ts",
    text: "for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) positions[i++] = y * rowStep + x * columnStep;",
    from: "<",
    to: "<=",
    why: "beyond the end of a view nothing is written",
  },
  {
    file: FULLY_CONNECTED_NATIVE,
    text: "lists[(i / ROWS_PER_LIST) | 0]!.push(row);",
    from: "|",
    to: "&",
    why: "how many rows share a list is a matter of speed",
  },
  {
    file: "lib/nn/espruino/average-pool-2d.ts",
    text: "let shape = 0;",
    from: "0",
    to: "1",
    why: "it is not looked at before it is set",
  },
  {
    file: "lib/nn/espruino/conv-2d-native.ts",
    text: "patches = [];",
    from: "patches = [];",
    to: ";",
    why: "what a run holds is a matter of memory (test/engines/memory.test.ts)",
  },
  {
    file: FULLY_CONNECTED_NATIVE,
    text: "for (let i = 0; i < columns; i++) views.push(weights.subarray(at - i, (at += length)));",
    from: "<",
    to: "<=",
    why: "maps work on pairs, and one view more makes none",
  },
  {
    file: "scripts/model/native/add.ts",
    text: "const chunk = Math.min(scratchBudget < CHUNK * 32 ? CHUNK / 4 : CHUNK, count);",
    from: "scratchBudget < CHUNK * 32",
    to: "(true || scratchBudget < CHUNK * 32)",
    why: "how many are done at a time is a matter of speed",
  },
  ...["65535", "65537"].map((to) => ({
    file: "lib/nn/espruino/average-pool-2d.ts",
    text: "const wanted = rows * 65536 + columns;",
    from: "65536",
    to,
    why: "the key still tells sizes apart",
  })),
  ...["31", "33"].map((to) => ({
    file: FULLY_CONNECTED_NATIVE,
    text: "const ROWS_PER_LIST = 32;",
    from: "32",
    to,
    why: "how many rows share a list is a matter of speed",
  })),
  {
    file: "lib/nn/espruino/native-requantizer.ts",
    text: "probe[0] = 0.9;",
    from: "0.9",
    to: "0.909",
    why: "any number from a half to one tells rounding from cutting",
  },
  {
    file: "lib/nn/espruino/scatter.ts",
    text: "map(index, new Uint8Array(buffer, to, channels), new Uint8Array(rows, start + i, length - i));",
    from: "-",
    to: "+",
    why: "the view may be longer than what is read",
  },
  {
    file: "lib/nn/espruino/native-requantizer.ts",
    text: "for (let i = 0; i < columns; i++) {",
    from: "<",
    to: "<=",
    why: "what is written beyond a row is written again with the next, or not at all",
  },
  {
    file: FIT,
    text: "for (let i = 0; i < SEARCH_STEPS; i++) {",
    from: "<",
    to: "<=",
    why: "one step more of a search that has converged",
  },
  {
    file: "scripts/model/native/native-requantizer.ts",
    text: "return channels.every(({ fit }) => fit !== undefined);",
    from: "every",
    to: "some",
    why: "all channels of a layer have a fit but for sums beyond 32 bits, or none has where exact forms are asked for",
  },
  {
    file: DENSE_LAYER,
    text: "least += weight * (weight > 0 ? -128 - zeroPoint : 127 - zeroPoint);",
    from: ">",
    to: ">=",
    why: "a weight of 0 adds nothing",
  },
  {
    file: DENSE_LAYER,
    text: "greatest += weight * (weight > 0 ? 127 - zeroPoint : -128 - zeroPoint);",
    from: ">",
    to: ">=",
    why: "a weight of 0 adds nothing",
  },
  { file: HARD_SWISH, text: HARD_SWISH_HALF, from: ">=", to: ">", why: HARD_SWISH_WHY },
  { file: HARD_SWISH, text: HARD_SWISH_HALF, from: "2147483647", to: "2147483646", why: HARD_SWISH_WHY },
  { file: HARD_SWISH, text: HARD_SWISH_HALF, from: "32768", to: "32769", why: HARD_SWISH_WHY },
  {
    file: "scripts/model/operators/leaky-relu.ts",
    text: "const sign = input < 0 && slope < 0 ? -1 : 1;",
    from: "<",
    to: "<=",
    why: "a product with 0 has no sign",
  },
  {
    file: "scripts/model/operators/leaky-relu.ts",
    text: "const sign = input < 0 && slope < 0 ? -1 : 1;",
    from: "<",
    to: "<=",
    nth: 1,
    why: "a product with 0 has no sign",
  },
  {
    file: "scripts/model/operators/mean.ts",
    text: "const last = shape.findLastIndex((size, axis) => wanted.has(axis) && size > 1);",
    from: ">",
    to: ">=",
    why: "axes of extent 1 may be counted among the reduced ones or not",
  },
  {
    file: "scripts/model/operators/mean.ts",
    text: "for (let axis = first; axis <= last; axis++) {",
    from: "<=",
    to: "<",
    why: "the last axis is one of those that are wanted",
  },
  ...[
    ["ADD", 4],
    ["SUB", 5],
  ].map(([name, version]) => ({
    file: "scripts/model/operators/add.ts",
    text: `export const lower${name === "ADD" ? "Add" : "Sub"} = lowerSum("${name}", ${version}, ${name === "ADD" ? 1 : -1});`,
    from: String(version),
    to: String(Number(version) + 1),
    why: "a version that no file has",
  })),
];
