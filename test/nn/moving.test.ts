import fc from "fast-check";
import { expect, it } from "vitest";
import { writeTflite } from "../../scripts/model/tflite/writer.js";
import { clamps } from "./reference/activation.js";
import { bytes, PROPERTY, variant } from "./reference/arbitraries.js";
import { int32, int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { along } from "./reference/window.js";

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 });

/** All indexes of a shape, in row-major order. */
function indexes(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (list, size) => list.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

function flat(index: readonly number[], sizes: readonly number[]): number {
  return index.reduce((sum, i, axis) => sum * sizes[axis]! + i, 0);
}

function elements(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

it("TRANSPOSE puts every element where the permutation says", () => {
  const cases = shape.chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      order: fc.shuffledSubarray(
        sizes.map((_, axis) => axis),
        { minLength: sizes.length },
      ),
      input: bytes(elements(sizes)),
      options: variant,
    }),
  );
  fc.assert(
    fc.property(cases, ({ sizes, order, input, options }) => {
      const out = order.map((axis) => sizes[axis]!);
      const file = oneOperator("TRANSPOSE", [int8(sizes, 0.1, 3), int32(order), int8(out, 0.1, 3)]);
      const expected = indexes(out).map((index) => {
        const from = sizes.map((_, axis) => index[order.indexOf(axis)]!);
        return input[flat(from, sizes)]!;
      });
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("PAD surrounds the input with the zero point", () => {
  const cases = shape.chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      amounts: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: sizes.length * 2, maxLength: sizes.length * 2 }),
      input: bytes(elements(sizes)),
      options: variant,
    }),
  );
  fc.assert(
    fc.property(cases, ({ sizes, amounts, input, options }) => {
      const out = sizes.map((size, axis) => size + amounts[2 * axis]! + amounts[2 * axis + 1]!);
      const paddings = int32(amounts, [sizes.length, 2]);
      const file = oneOperator("PAD", [int8(sizes, 0.1, -7), paddings, int8(out, 0.1, -7)]);
      const expected = indexes(out).map((index) => {
        const from = index.map((i, axis) => i - amounts[2 * axis]!);
        return from.every((i, axis) => i >= 0 && i < sizes[axis]!) ? input[flat(from, sizes)]! : -7;
      });
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("CONCATENATION puts a constant behind the input", () => {
  const cases = shape.chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      axis: fc.integer({ min: 0, max: sizes.length - 1 }),
      input: bytes(elements(sizes)),
      other: bytes(elements(sizes)),
      options: variant,
    }),
  );
  fc.assert(
    fc.property(cases, ({ sizes, axis, input, other, options }) => {
      const out = sizes.map((size, i) => (i === axis ? size * 2 : size));
      const tensors = [int8(sizes, 0.1, 0), int8(sizes, 0.1, 0, other), int8(out, 0.1, 0)];
      const file = oneOperator("CONCATENATION", tensors, { axis });
      const expected = indexes(out).map((index) => {
        const behind = index[axis]! >= sizes[axis]!;
        const from = index.map((i, k) => (k === axis && behind ? i - sizes[axis]! : i));
        return (behind ? other : input)[flat(from, sizes)]!;
      });
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("STRIDED_SLICE takes every stride-th element, forwards or backwards", () => {
  const cases = shape.chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      bounds: fc.tuple(
        ...sizes.map((size) =>
          fc.record({
            begin: fc.integer({ min: 0, max: size - 1 }),
            stride: fc.constantFrom(1, 2, 3, -1, -2),
            count: fc.integer({ min: 1, max: 4 }),
          }),
        ),
      ),
      input: bytes(elements(sizes)),
      options: variant,
    }),
  );
  fc.assert(
    fc.property(cases, ({ sizes, bounds, input, options }) => {
      const taken = bounds.map(({ begin, stride, count }, axis) => {
        const list = [];
        for (let i = begin; list.length < count && i >= 0 && i < sizes[axis]!; i += stride) list.push(i);
        return list;
      });
      // An end of -1 would mean the last element: backwards to the beginning is said with the mask.
      const ends = taken.map((list, axis) => list.at(-1)! + Math.sign(bounds[axis]!.stride));
      const mask = ends.reduce((bits, end, axis) => bits | (end < 0 ? 1 << axis : 0), 0);
      const out = taken.map((list) => list.length);
      const file = oneOperator(
        "STRIDED_SLICE",
        [
          int8(sizes, 0.1, 0),
          int32(bounds.map(({ begin }) => begin)),
          int32(ends),
          int32(bounds.map(({ stride }) => stride)),
          int8(out, 0.1, 0),
        ],
        { end_mask: mask },
      );
      const expected = indexes(out).map(
        (index) =>
          input[
            flat(
              index.map((i, axis) => taken[axis]![i]!),
              sizes,
            )
          ]!,
      );
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("AVERAGE_POOL_2D and MAX_POOL_2D look at what is inside the image", () => {
  const cases = fc
    .record({
      height: fc.integer({ min: 1, max: 6 }),
      width: fc.integer({ min: 1, max: 6 }),
      channels: fc.integer({ min: 1, max: 3 }),
      window: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      same: fc.boolean(),
      most: fc.boolean(),
      activation: fc.constantFrom(0, 1, 2, 3),
    })
    .chain((s) => fc.record({ s: fc.constant(s), input: bytes(s.height * s.width * s.channels), options: variant }));
  fc.assert(
    fc.property(cases, ({ s, input, options }) => {
      const [outHeight, top] = along(s.height, s.window[0], s.stride[0], 1, s.same);
      const [outWidth, left] = along(s.width, s.window[1], s.stride[1], 1, s.same);
      fc.pre(outHeight > 0 && outWidth > 0);
      const out = [1, outHeight, outWidth, s.channels];
      const file = oneOperator(
        s.most ? "MAX_POOL_2D" : "AVERAGE_POOL_2D",
        [int8([1, s.height, s.width, s.channels], 0.1, 5), int8(out, 0.1, 5)],
        {
          padding: s.same ? 0 : 1,
          stride_h: s.stride[0],
          stride_w: s.stride[1],
          filter_height: s.window[0],
          filter_width: s.window[1],
          fused_activation_function: s.activation,
        },
      );
      const expected = indexes(out).map(([, y, x, c]) => {
        const values = [];
        for (let ky = 0; ky < s.window[0]; ky++) {
          for (let kx = 0; kx < s.window[1]; kx++) {
            const iy = y! * s.stride[0] - top + ky;
            const ix = x! * s.stride[1] - left + kx;
            if (iy >= 0 && ix >= 0 && iy < s.height && ix < s.width) {
              values.push(input[(iy * s.width + ix) * s.channels + c!]!);
            }
          }
        }
        const [low, high] = clamps(s.activation, Math.fround(0.1), 5);
        const cut = (value: number): number => Math.max(low, Math.min(high, value));
        if (s.most) return cut(Math.max(...values));
        const sum = values.reduce((total, value) => total + value, 0);
        // Halves go away from zero.
        return cut((Math.sign(sum) * Math.floor((Math.abs(sum) + Math.floor(values.length / 2)) / values.length)) | 0);
      });
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("AVERAGE_POOL_2D rounds every sum, with the halves away from zero", () => {
  for (let count = 1; count <= 6; count++) {
    const sums = Array.from({ length: 255 * count + 1 }, (_, i) => i - 128 * count);
    // As many values as the window has, as even as can be.
    const input = Int8Array.from(
      sums.flatMap((sum) => Array.from({ length: count }, (_, k) => Math.floor((sum + k) / count))),
    );
    const file = oneOperator(
      "AVERAGE_POOL_2D",
      [int8([1, 1, input.length, 1], 1, 0), int8([1, 1, sums.length, 1], 1, 0)],
      { padding: 1, stride_h: 1, stride_w: count, filter_height: 1, filter_width: count },
    );
    const expected = sums.map(
      (sum) => Math.sign(sum) * Math.floor((Math.abs(sum) + Math.floor(count / 2)) / count) + 0,
    );
    for (const backend of ["loops", "espruino"] as const) {
      expect(Array.from(runModelOnce(file, input, { rounding: "tflm", backend })), `${count}`).toEqual(expected);
    }
  }
});

it("RESHAPE, SQUEEZE and EXPAND_DIMS keep every byte, of a model's input and of what is computed", () => {
  const input = Int8Array.from({ length: 24 }, (_, i) => i * 11 - 128);
  const files = [
    oneOperator("RESHAPE", [int8([2, 3, 4], 0.1, 3), int32([4, 6]), int8([4, 6], 0.1, 3)]),
    oneOperator("RESHAPE", [int8([2, 3, 4], 0.1, 3), int8([24], 0.1, 3)], { new_shape: [24] }),
    oneOperator("SQUEEZE", [int8([1, 4, 1, 6], 0.1, 3), int8([4, 6], 0.1, 3)], { squeeze_dims: [0, 2] }),
    oneOperator("EXPAND_DIMS", [int8([4, 6], 0.1, 3), int32([1]), int8([4, 1, 6], 0.1, 3)]),
  ];
  for (const file of files) {
    for (const backend of ["loops", "espruino"] as const) {
      expect(Array.from(runModelOnce(file, input, { rounding: "tflm", backend }))).toEqual(Array.from(input));
    }
  }
  // RELU of what was reshaped: the alias is read where the input is.
  const chain = writeTflite({
    tensors: [int8([2, 12], 1, 0), int8([24], 1, 0), int8([24], 1, 0), int8([1, 24], 1, 0)],
    operators: [
      { operator: "RESHAPE", inputs: [0], outputs: [1] },
      { operator: "RELU", inputs: [1], outputs: [2] },
      { operator: "RESHAPE", inputs: [2], outputs: [3] },
    ],
    inputs: [0],
    outputs: [3],
  });
  expect(Array.from(runModelOnce(chain, input, { rounding: "tflm" }))).toEqual(
    Array.from(input, (value) => Math.max(0, value)),
  );
});

it("what was reshaped keeps its bytes while others come and go", () => {
  const input = Int8Array.from({ length: 24 }, (_, i) => i * 5 - 60);
  const file = writeTflite({
    tensors: [int8([2, 12], 1, 0), int8([24], 1, 0), int8([24], 1, 0), int8([24], 1, 0), int8([24], 1, 0)],
    operators: [
      { operator: "RESHAPE", inputs: [0], outputs: [1] },
      { operator: "LEAKY_RELU", inputs: [0], outputs: [2], options: { alpha: 0.5 } },
      { operator: "RELU", inputs: [2], outputs: [3] },
      { operator: "ADD", inputs: [3, 1], outputs: [4] },
    ],
    inputs: [0],
    outputs: [4],
  });
  const expected = Array.from(input, (value) => (value > 0 ? 2 * value : value));
  for (const backend of ["loops", "espruino"] as const) {
    const sums = Array.from(runModelOnce(file, input, { rounding: "tflm", backend }));
    expect(sums).toEqual(expected.map((value) => Math.min(127, value)));
  }
});

it("CONCATENATION of several tensors, activations and constants, along any axis", () => {
  const cases = fc
    .record({
      before: fc.integer({ min: 1, max: 3 }),
      after: fc.integer({ min: 1, max: 3 }),
      sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      isNegative: fc.boolean(),
    })
    .chain((s) =>
      fc.record({
        s: fc.constant(s),
        input: bytes(s.before * s.sizes[0]! * s.after),
        rest: fc.tuple(...s.sizes.slice(1).map((size) => bytes(s.before * size * s.after))),
        twice: fc.boolean(),
        options: variant,
      }),
    );
  fc.assert(
    fc.property(cases, ({ s, input, rest, twice, options }) => {
      const parts = [input, ...rest, ...(twice ? [input] : [])];
      const sizes = [...s.sizes, ...(twice ? [s.sizes[0]!] : [])];
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const tensors = [
        ...s.sizes.map((size, i) => int8([s.before, size, s.after], 0.1, 0, i === 0 ? undefined : rest[i - 1]!)),
        int8([s.before, total, s.after], 0.1, 0),
      ];
      const order = [...s.sizes.keys(), ...(twice ? [0] : [])];
      const file = oneOperator("CONCATENATION", tensors, { axis: s.isNegative ? -2 : 1 }, order);
      const expected: number[] = [];
      for (let a = 0; a < s.before; a++) {
        parts.forEach((part, i) => {
          const row = sizes[i]! * s.after;
          expected.push(...part.subarray(a * row, (a + 1) * row));
        });
      }
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("STRIDED_SLICE obeys its masks and counts from the end", () => {
  const input = Int8Array.from({ length: 60 }, (_, i) => i - 30);
  const at = (a: number, b: number, c: number): number => input[a * 20 + b * 5 + c]!;
  const slice = (begin: number[], end: number[], strides: number[], out: number[], options: object): number[] => {
    const file = oneOperator(
      "STRIDED_SLICE",
      [int8([3, 4, 5], 1, 0), int32(begin), int32(end), int32(strides), int8(out, 1, 0)],
      options as Record<string, number>,
    );
    return Array.from(runModelOnce(file, input, { rounding: "tflm" }));
  };
  // The second axis alone: begins where its bounds say nothing, and ends there.
  expect(slice([1, 9, 4], [2, 9, 5], [1, 1, 1], [1, 4, 1], { begin_mask: 2, end_mask: 2 })).toEqual(
    [0, 1, 2, 3].map((b) => at(1, b, 4)),
  );
  // Backwards through all of an axis.
  expect(slice([0, 0, 0], [1, 0, 1], [1, -2, 1], [1, 2, 1], { begin_mask: 2, end_mask: 2 })).toEqual([
    at(0, 3, 0),
    at(0, 1, 0),
  ]);
  // One element of the first axis, which then is gone; an end beyond the tensor; counting from the end.
  expect(slice([-1, -3, 3], [0, 99, -1], [1, 2, 1], [2, 1], { shrink_axis_mask: 1 })).toEqual([
    at(2, 1, 3),
    at(2, 3, 3),
  ]);
});

it("TRANSPOSE takes axes counted from the end", () => {
  const input = Int8Array.from({ length: 24 }, (_, i) => i);
  const file = oneOperator("TRANSPOSE", [int8([2, 3, 4], 1, 0), int32([-1, 0, -2]), int8([4, 2, 3], 1, 0)]);
  const expected = indexes([4, 2, 3]).map(([c, a, b]) => a! * 12 + b! * 4 + c!);
  expect(Array.from(runModelOnce(file, input, { rounding: "tflm" }))).toEqual(expected);
});
