import fc from "fast-check";
import { expect, it } from "vitest";
import type { CompileOptions } from "../../scripts/model/compile.js";
import { byte, bytes, PROPERTY, scale, variant } from "./reference/arbitraries.js";
import { int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { output, quantized, rescale } from "./reference/requantize.js";

const zero = fc.integer({ min: -128, max: 127 });

/** Shapes of a second operand that can be stretched to [2, 3, 4]. */
const STRETCHED = [[2, 3, 4], [3, 4], [4], [1, 3, 1], [2, 1, 1], [1]] as const;
const SHAPE = [1, 2, 3, 4];

function reference(
  operator: "ADD" | "SUB" | "MUL",
  a: number,
  b: number,
  scales: readonly [number, number, number],
  zeroOut: number,
  rounding: CompileOptions["rounding"],
): number {
  if (operator === "MUL") {
    return output(BigInt(a * b), quantized((scales[0] * scales[1]) / scales[2]), rounding, zeroOut);
  }
  const common = 2 * Math.max(scales[0], scales[1]);
  const first = rescale(BigInt(a) << 20n, quantized(scales[0] / common), rounding);
  const second = rescale(BigInt(b) << 20n, quantized(scales[1] / common), rounding);
  const sum = operator === "ADD" ? first + second : first - second;
  return output(sum, quantized(common / (2 ** 20 * scales[2])), rounding, zeroOut);
}

for (const operator of ["ADD", "SUB", "MUL"] as const) {
  it(`${operator} of an input and a constant, stretched where it is smaller`, () => {
    const cases = fc.constantFrom(...STRETCHED).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        input: bytes(24),
        other: bytes(shape.reduce<number>((product, size) => product * size, 1)),
        scales: fc.tuple(scale, scale, scale),
        zeros: fc.tuple(zero, zero, zero),
        options: variant,
      }),
    );
    fc.assert(
      fc.property(cases, ({ shape, input, other, scales, zeros, options }) => {
        fc.pre(operator !== "MUL" || (scales[0] * scales[1]) / scales[2] < 1);
        fc.pre((2 * Math.max(scales[0], scales[1])) / scales[2] < 2 ** 19);
        const file = oneOperator(operator, [
          int8(SHAPE, scales[0], zeros[0]),
          int8(shape, scales[1], zeros[1], other),
          int8(SHAPE, scales[2], zeros[2]),
        ]);
        const full = [...Array<number>(4 - shape.length).fill(1), ...shape];
        const expected = Array.from(input, (value, i) => {
          const index = [0, Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4];
          const at = full.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis]!), 0);
          return reference(operator, value - zeros[0], other[at]! - zeros[1], scales, zeros[2], options.rounding);
        });
        expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
      }),
      PROPERTY,
    );
  });
}

it("RELU, RELU6 and LEAKY_RELU rescale, then cut", () => {
  const cases = fc.record({
    operator: fc.constantFrom("RELU" as const, "RELU6" as const, "LEAKY_RELU" as const),
    scales: fc.tuple(scale, scale),
    zeros: fc.tuple(zero, zero),
    alpha: fc.constantFrom(0.01, 0.1, 0.25, 0.75),
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ operator, scales, zeros, alpha, options }) => {
      const input = Int8Array.from({ length: 256 }, (_, i) => i - 128);
      const file = oneOperator(
        operator,
        [int8([1, 256], scales[0], zeros[0]), int8([1, 256], scales[1], zeros[1])],
        operator === "LEAKY_RELU" ? { alpha } : {},
      );
      const real = Math.fround(scales[0] / scales[1]);
      fc.pre(real < 2 ** 20);
      const slope = Math.fround(Math.fround(scales[0] * Math.fround(alpha)) / scales[1]);
      const six = Math.min(127, zeros[1] + Math.round(Math.fround(6 / scales[1])));
      const expected = Array.from(input, (value) => {
        const x = value - zeros[0];
        if (operator === "LEAKY_RELU")
          return output(BigInt(x), quantized(x < 0 ? slope : real), options.rounding, zeros[1]);
        const high = operator === "RELU6" ? six : 127;
        return output(BigInt(x), quantized(real), options.rounding, zeros[1], zeros[1], high);
      });
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("QUANTIZE changes the scale of int8", () => {
  const cases = fc.record({
    scales: fc.tuple(scale, scale),
    zeros: fc.tuple(zero, zero),
    input: fc.array(byte, { minLength: 8, maxLength: 300 }),
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ scales, zeros, input, options }) => {
      const file = oneOperator("QUANTIZE", [
        int8([input.length], scales[0], zeros[0]),
        int8([input.length], scales[1], zeros[1]),
      ]);
      const factor = quantized(Math.fround(scales[0] / scales[1]));
      const expected = input.map((value) => output(BigInt(value - zeros[0]), factor, options.rounding, zeros[1]));
      expect(Array.from(runModelOnce(file, Int8Array.from(input), options))).toEqual(expected);
    }),
    PROPERTY,
  );
});
