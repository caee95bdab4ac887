import fc from "fast-check";
import { expect, it } from "vitest";
import type { CompileOptions } from "../../scripts/model/compile.js";
import { clamps } from "./reference/activation.js";
import { bytes, PROPERTY, scale, variant } from "./reference/arbitraries.js";
import { int32, int8, oneOperator, runModelOnce, twoHalves } from "./reference/one-operator.js";
import { output, quantized, rescale } from "./reference/requantize.js";
import { xnnpackSum } from "./reference/xnnpack.js";

const zero = fc.integer({ min: -128, max: 127 });
const activation = fc.constantFrom(0, 0, 1, 2, 3);

/** Shapes of an operand that can be stretched to [2, 3, 4]. */
const STRETCHED = [[2, 3, 4], [3, 4], [4], [1, 3, 1], [2, 1, 1], [1]] as const;
const SHAPE = [1, 2, 3, 4];

interface Terms {
  readonly operator: "ADD" | "SUB" | "MUL";
  readonly scales: readonly [number, number, number];
  readonly zeros: readonly [number, number, number];
  readonly fused: number;
  readonly options: CompileOptions;
}

/** The output for one value of each operand. */
function reference({ operator, scales, zeros, fused, options }: Terms, a: number, b: number): number {
  const [low, high] = clamps(fused, scales[2], zeros[2]);
  const [x, y] = [a - zeros[0], b - zeros[1]];
  if (operator === "MUL") {
    const factor = quantized((scales[0] * scales[1]) / scales[2]);
    return output(BigInt(x * y), factor, options.rounding, zeros[2], low, high);
  }
  const sign = operator === "ADD" ? 1 : -1;
  if (options.rounding === "xnnpack") {
    const value = xnnpackSum(x, sign * y, scales, zeros[2]);
    if (value !== undefined) return Math.max(low, Math.min(high, value));
  }
  const common = 2 * Math.max(scales[0], scales[1]);
  const first = rescale(BigInt(x) << 20n, quantized(scales[0] / common), "tflm");
  const second = rescale(BigInt(y) << 20n, quantized(scales[1] / common), "tflm");
  const factor = quantized(common / (2 ** 20 * scales[2]));
  return output(first + BigInt(sign) * second, factor, "tflm", zeros[2], low, high);
}

/** Leaves out what overflows in the reference itself. */
function isSound({ operator, scales }: Terms): boolean {
  return operator === "MUL"
    ? (scales[0] * scales[1]) / scales[2] < 1
    : (2 * Math.max(scales[0], scales[1])) / scales[2] < 2 ** 19;
}

for (const operator of ["ADD", "SUB", "MUL"] as const) {
  const terms = fc.record({
    operator: fc.constant(operator),
    scales: fc.tuple(scale, scale, scale),
    zeros: fc.tuple(zero, zero, zero),
    fused: activation,
    options: variant,
  });

  it(`${operator} of an input and a constant on either side, stretched where it is smaller`, () => {
    const cases = fc.constantFrom(...STRETCHED).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        input: bytes(24),
        other: bytes(shape.reduce<number>((product, size) => product * size, 1)),
        isFirst: fc.boolean(),
        terms,
      }),
    );
    fc.assert(
      fc.property(cases, ({ shape, input, other, isFirst, terms: t }) => {
        fc.pre(isSound(t));
        const { scales, zeros, fused, options } = t;
        const constant = isFirst ? 0 : 1;
        const operands = [int8(SHAPE, scales[1 - constant]!, zeros[1 - constant]!)];
        const list = [
          ...operands,
          int8(shape, scales[constant]!, zeros[constant]!, other),
          int8(SHAPE, scales[2], zeros[2]),
        ];
        const file = oneOperator(operator, list, { fused_activation_function: fused }, isFirst ? [1, 0] : [0, 1]);
        const full = [...Array<number>(4 - shape.length).fill(1), ...shape];
        const expected = Array.from(input, (value, i) => {
          const index = [0, Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4];
          const at = full.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis]!), 0);
          return isFirst ? reference(t, other[at]!, value) : reference(t, value, other[at]!);
        });
        expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
      }),
      PROPERTY,
    );
  });

  it(`${operator} of two activations, of more elements than a row has`, () => {
    const cases = fc.record({ input: bytes(600), terms });
    fc.assert(
      fc.property(cases, ({ input, terms: t }) => {
        const { zeros, fused, options } = t;
        // Both come from one tensor, so they have one scale.
        const one: Terms = {
          ...t,
          scales: [t.scales[0], t.scales[0], t.scales[2]],
          zeros: [zeros[0], zeros[0], zeros[2]],
        };
        fc.pre(isSound(one));
        const file = twoHalves(operator, 300, one.scales, one.zeros, { fused_activation_function: fused });
        const expected = Array.from({ length: 300 }, (_, i) => reference(one, input[i]!, input[300 + i]!));
        expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
      }),
      { ...PROPERTY, numRuns: 60 },
    );
  });
}

it("MEAN divides by folding the count into the multiplier, over one axis or several", () => {
  const AXES = [
    { axes: [1], outer: 1, inner: 2 },
    { axes: [1, 2], outer: 0, inner: 1 },
    { axes: [-2, -3], outer: 0, inner: 1 },
    { axes: [0, 1], outer: -1, inner: 2 },
    { axes: [3, 2], outer: 1, inner: 3 },
    { axes: [-1], outer: 2, inner: 3 },
    { axes: [0, 1, 2, 3], outer: -1, inner: 3 },
  ];
  const cases = fc
    .tuple(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 4, maxLength: 4 }), fc.constantFrom(...AXES))
    .chain(([shape, which]) =>
      fc.record({
        shape: fc.constant(shape),
        which: fc.constant(which),
        input: bytes(shape.reduce((product, size) => product * size, 1)),
        scales: fc.tuple(scale, scale),
        zeros: fc.tuple(zero, zero),
        options: variant,
      }),
    );
  fc.assert(
    fc.property(cases, ({ shape, which, input, scales, zeros, options }) => {
      fc.pre(scales[0] / scales[1] < 64);
      const reducedAxes = which.axes.map((axis) => (axis < 0 ? axis + 4 : axis));
      const kept = shape.filter((_, axis) => !reducedAxes.includes(axis));
      const out = kept.length > 0 ? kept : [1];
      const file = oneOperator("MEAN", [
        int8(shape, scales[0], zeros[0]),
        int32(which.axes),
        int8(out, scales[1], zeros[1]),
      ]);
      const reduced = reducedAxes.reduce((product, axis) => product * shape[axis]!, 1);
      const sums = Array<bigint>(out.reduce((product, size) => product * size, 1)).fill(0n);
      input.forEach((value, i) => {
        let rest = i;
        const index = [...shape]
          .reverse()
          .map((size) => [rest % size, (rest = Math.floor(rest / size))][0]!)
          .reverse();
        const at = index.reduce((sum, k, axis) => (reducedAxes.includes(axis) ? sum : sum * shape[axis]! + k), 0);
        sums[at] = sums[at]! + BigInt(value - zeros[0]);
      });
      const whole = quantized(scales[0] / scales[1]);
      const bits = Math.min(31 - Math.clz32(reduced), 31 + whole.shift);
      const factor = { multiplier: (whole.multiplier << BigInt(bits)) / BigInt(reduced), shift: whole.shift - bits };
      const expected = sums.map((sum) => output(sum, factor, options.rounding, zeros[1]));
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});
