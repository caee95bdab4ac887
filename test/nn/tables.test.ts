import fc from "fast-check";
import { expect, it } from "vitest";
import { bytes, PROPERTY, scale, variant } from "./reference/arbitraries.js";
import { int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { output, quantized } from "./reference/requantize.js";
import { hardSwish } from "./reference/hard-swish.js";
import { isTaken, xnnpackScaled } from "./reference/xnnpack.js";

const zero = fc.integer({ min: -128, max: 127 });
const all = Int8Array.from({ length: 256 }, (_, i) => i - 128);

it("RELU, RELU6 and RELU_N1_TO_1 rescale, then cut", () => {
  const cases = fc.record({
    operator: fc.constantFrom("RELU" as const, "RELU6" as const, "RELU_N1_TO_1" as const),
    scales: fc.tuple(scale, scale),
    zeros: fc.tuple(zero, zero),
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ operator, scales, zeros, options }) => {
      const file = oneOperator(operator, [int8([1, 256], scales[0], zeros[0]), int8([1, 256], scales[1], zeros[1])]);
      const factor = Math.fround(scales[0] / scales[1]);
      fc.pre(factor < 2 ** 20);
      const bound = (real: number): number =>
        zeros[1] + Math.sign(real) * Math.round(Math.fround(Math.abs(real) / scales[1]));
      const low = operator === "RELU_N1_TO_1" ? bound(-1) : zeros[1];
      const high = operator === "RELU" ? 127 : bound(operator === "RELU6" ? 6 : 1);
      // In XNNPACK's rounding too: it leaves a change of scale to this kernel.
      const expected = Array.from(all, (value) =>
        output(BigInt(value - zeros[0]), quantized(factor), "tflm", zeros[1], Math.max(-128, low), Math.min(127, high)),
      );
      expect(Array.from(runModelOnce(file, all, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("LEAKY_RELU has a slope of its own below zero, whatever it is", () => {
  const cases = fc.record({
    scales: fc.tuple(scale, scale),
    zeros: fc.tuple(zero, zero),
    alpha: fc.constantFrom(0.001, 0.01, 0.1, 0.25, 0.75, 1.5, -0.25),
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ scales, zeros, alpha, options }) => {
      const file = oneOperator(
        "LEAKY_RELU",
        [int8([1, 256], scales[0], zeros[0]), int8([1, 256], scales[1], zeros[1])],
        { alpha },
      );
      const factor = Math.fround(scales[0] / scales[1]);
      fc.pre(factor < 2 ** 19);
      const slope = Math.fround(Math.fround(scales[0] * Math.fround(alpha)) / scales[1]);
      const taken = options.rounding === "xnnpack" && isTaken(factor) && isTaken(Math.abs(slope));
      const expected = Array.from(all, (value) => {
        const x = value - zeros[0];
        if (x >= 0) return xnnpackScaled(x, factor, zeros[1], taken);
        if (taken) return xnnpackScaled(x, Math.fround(factor * Math.fround(alpha)), zeros[1], true);
        return slope < 0 ? xnnpackScaled(-x, -slope, zeros[1], false) : xnnpackScaled(x, slope, zeros[1], false);
      });
      expect(Array.from(runModelOnce(file, all, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("HARD_SWISH is computed in 16 bits", () => {
  const cases = fc.record({ scales: fc.tuple(scale, scale), zeros: fc.tuple(zero, zero), options: variant });
  fc.assert(
    fc.property(cases, ({ scales, zeros, options }) => {
      // The reference shifts to the right only.
      fc.pre(scales[0] / 128 / scales[1] < 0.5);
      const file = oneOperator("HARD_SWISH", [int8([256], scales[0], zeros[0]), int8([256], scales[1], zeros[1])]);
      const expected = Array.from(all, (value) => hardSwish(value, scales, zeros));
      expect(Array.from(runModelOnce(file, all, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("HARD_SWISH has every bit of its 16, at scales that models have", () => {
  for (let i = 0; i < 120; i++) {
    const scales = [Math.fround(0.005 + 0.0007 * i), Math.fround(0.004 + 0.0011 * ((i * 37) % 41))] as const;
    const zeros = [((i * 29) % 101) - 50, ((i * 53) % 201) - 100] as const;
    if (scales[0] / 128 / scales[1] >= 0.5) continue;
    const file = oneOperator("HARD_SWISH", [int8([256], scales[0], zeros[0]), int8([256], scales[1], zeros[1])]);
    const expected = Array.from(all, (value) => hardSwish(value, scales, zeros));
    expect(Array.from(runModelOnce(file, all, { rounding: "tflm" }))).toEqual(expected);
  }
});

it("QUANTIZE changes the scale of int8", () => {
  const cases = fc.record({
    scales: fc.tuple(scale, scale),
    zeros: fc.tuple(zero, zero),
    input: fc.integer({ min: 1, max: 300 }).chain(bytes),
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ scales, zeros, input, options }) => {
      const shape = [input.length];
      const file = oneOperator("QUANTIZE", [int8(shape, scales[0], zeros[0]), int8(shape, scales[1], zeros[1])]);
      const factor = Math.fround(scales[0] / scales[1]);
      const taken = options.rounding === "xnnpack" && isTaken(factor);
      const expected = Array.from(input, (value) => xnnpackScaled(value - zeros[0], factor, zeros[1], taken));
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});
