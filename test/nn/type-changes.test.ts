import fc from "fast-check";
import { expect, it } from "vitest";
import type { TensorDescription } from "../../scripts/model/tflite/writer-model.js";
import { bytes, PROPERTY, scale, variant } from "./reference/arbitraries.js";
import { int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { output, quantized } from "./reference/requantize.js";

const zero = fc.integer({ min: -128, max: 127 });

function float32(shape: readonly number[]): TensorDescription {
  return { name: "f", shape, type: "float32" };
}

/** A float's nearest whole number of steps, ties away from zero, exactly: by the bits of the quotient. */
function stepsOf(value: number, step: number): bigint {
  const quotient = Math.fround(value / step);
  const size = Math.abs(quotient);
  const whole = Math.floor(size);
  return BigInt(Math.sign(quotient)) * BigInt(size - whole >= 0.5 ? whole + 1 : whole);
}

it("QUANTIZE from float32 rounds the quotient in single precision, ties away from zero, and clamps", () => {
  const value = fc.oneof(
    fc.float({ min: -200, max: 200, noNaN: true }),
    // Halves, to the last bit.
    fc
      .tuple(fc.integer({ min: -300, max: 300 }), fc.constantFrom(-1, 0, 1))
      .map(([k, bits]) => (k + 0.5) * (1 + bits * 2 ** -23)),
    fc.constantFrom(0, -0, 3e38, -3e38, Infinity, -Infinity),
  );
  const cases = fc.record({
    values: fc.array(value, { minLength: 1, maxLength: 150 }),
    step: fc.oneof(scale, fc.constantFrom(1, 0.5, 0.25)),
    zeroPoint: zero,
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ values, step, zeroPoint, options }) => {
      // Halves lie on the grid of the scale.
      const input = Float32Array.from(values, (x) => Math.fround(x * step));
      const shape = [input.length];
      const file = oneOperator("QUANTIZE", [float32(shape), int8(shape, step, zeroPoint)]);
      const expected = Array.from(input, (x) => {
        if (!Number.isFinite(Math.fround(x / step))) return x > 0 ? 127 : -128;
        const steps = stepsOf(x, step) + BigInt(zeroPoint);
        return Number(steps < -128n ? -128n : steps > 127n ? 127n : steps);
      });
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("QUANTIZE takes what is no number for zero", () => {
  const file = oneOperator("QUANTIZE", [float32([2]), int8([2], 0.1, -9)]);
  expect(Array.from(runModelOnce(file, Float32Array.of(NaN, 0), { rounding: "tflm" }))).toEqual([-9, -9]);
});

it("QUANTIZE from int16 requantizes as the reference does, in both roundings", () => {
  const short = fc.oneof(fc.integer({ min: -32768, max: 32767 }), fc.constantFrom(-32768, 32767, 0, -1));
  const cases = fc.record({
    values: fc.array(short, { minLength: 1, maxLength: 600 }),
    scales: fc.tuple(scale, scale),
    zeros: fc.tuple(fc.constantFrom(0, 0, -300, 32767), zero),
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ values, scales, zeros, options }) => {
      const input = Int16Array.from(values);
      const shape = [input.length];
      const from: TensorDescription = {
        name: "h",
        shape,
        type: "int16",
        quantization: { scale: [scales[0]], zeroPoint: [zeros[0]] },
      };
      const factor = Math.fround(scales[0] / scales[1]);
      // The reference shifts to the left before it multiplies, and overflows.
      fc.pre(factor < 2 ** 14);
      const file = oneOperator("QUANTIZE", [from, int8(shape, scales[1], zeros[1])]);
      // XNNPACK has no such operator and leaves it to the reference.
      const expected = values.map((value) => output(BigInt(value - zeros[0]), quantized(factor), "tflm", zeros[1]));
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("DEQUANTIZE multiplies the distance from the zero point with the scale, in single precision", () => {
  const cases = fc.record({
    input: fc.integer({ min: 1, max: 150 }).chain(bytes),
    step: scale,
    zeroPoint: zero,
    options: variant,
  });
  fc.assert(
    fc.property(cases, ({ input, step, zeroPoint, options }) => {
      const shape = [input.length];
      const file = oneOperator("DEQUANTIZE", [int8(shape, step, zeroPoint), float32(shape)]);
      const output = runModelOnce(file, input, options);
      const floats = new Float32Array(output.buffer, output.byteOffset, input.length);
      // Exact: the product of a float and nine bits fits a double.
      expect(Array.from(floats)).toEqual(Array.from(input, (value) => Math.fround(step * (value - zeroPoint))));
    }),
    PROPERTY,
  );
});
