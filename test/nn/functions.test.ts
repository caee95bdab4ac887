import fc from "fast-check";
import { expect, it } from "vitest";
import { highMul, roundingDivideByPowerOfTwo } from "../../lib/nn/high-mul.js";
import { reciprocal } from "../../lib/nn/reciprocal.js";
import { requantizeExactly } from "../../lib/nn/operators/exact-requantize.js";
import { expOnNegative, logisticOf, tanhOf } from "../../scripts/model/fixed-point.js";
import { bytes, PROPERTY, variant } from "./reference/arbitraries.js";
import { int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { rescale } from "./reference/requantize.js";

const word = fc.oneof(
  fc.integer({ min: -2147483648, max: 2147483647 }),
  fc.constantFrom(-2147483648, 2147483647, 0, -1),
);
const SETTINGS = { seed: 5, numRuns: 3000 };

it("highMul is the doubling high multiplication of 64-bit integers", () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      fc.pre(a !== -2147483648 || b !== a);
      expect(BigInt(highMul(a, b))).toBe(doublingHighMul(BigInt(a), BigInt(b)));
    }),
    SETTINGS,
  );
});

it("reciprocal is gemmlowp's, which saturates every step", () => {
  const saturated = (value: bigint): bigint => (value > 2147483647n ? 2147483647n : value);
  const reference = (x: number): bigint => {
    const half = BigInt(x) >> 1n;
    let y = 1515870810n + doublingHighMul(half, -1010580540n);
    for (let i = 0; i < 3; i++) {
      const step = doublingHighMul(y, 536870912n - doublingHighMul(half, y)) * 4n;
      y += step < -2147483648n ? -2147483648n : saturated(step);
    }
    return saturated(y * 2n);
  };
  const cases = fc.oneof(fc.integer({ min: 0, max: 2147483647 }), fc.constantFrom(0, 1, 2147483647));
  fc.assert(
    fc.property(cases, (fraction) => {
      const x = 2147483648 + fraction;
      expect(BigInt(reciprocal(x))).toBe(reference(x));
    }),
    SETTINGS,
  );
});

it("highMul is exact where a product is just below the next step", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 30 - 1 }), fc.constantFrom(-1, 0, 1), (half, beside) => {
      // The b for which a * b + 2^30 ends in 31 ones, or beside.
      const a = BigInt(2 * half + 1);
      const modulus = 1n << 31n;
      let inverse = a;
      for (let i = 0; i < 5; i++) inverse = (inverse * (2n - a * inverse)) % modulus;
      const wanted = modulus - 1n + BigInt(beside) - (1n << 30n);
      const b = Number((((wanted * inverse) % modulus) + modulus) % modulus);
      const product = (a * BigInt(b) + (1n << 30n)) >> 31n;
      expect(BigInt(highMul(Number(a), b))).toBe(product > 2147483647n ? 2147483647n : product);
      const negative = (-a * BigInt(b) + (1n << 30n)) >> 31n;
      expect(BigInt(highMul(-Number(a), b))).toBe(negative);
    }),
    SETTINGS,
  );
});

function doublingHighMul(a: bigint, b: bigint): bigint {
  return (a * b + (1n << 30n)) >> 31n;
}

it("roundingDivideByPowerOfTwo rounds halves away from zero", () => {
  fc.assert(
    fc.property(word, fc.integer({ min: 0, max: 31 }), (value, exponent) => {
      const size = 2 ** exponent;
      const expected = Math.sign(value) * Math.floor((Math.abs(value) + size / 2) / size);
      expect(roundingDivideByPowerOfTwo(value, exponent) + 0).toBe(exponent === 0 ? value + 0 : expected + 0);
    }),
    SETTINGS,
  );
});

it("requantizeExactly is MultiplyByQuantizedMultiplier in both roundings", () => {
  const cases = fc.tuple(
    fc.integer({ min: -(2 ** 29), max: 2 ** 29 }),
    fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }),
    fc.integer({ min: -31, max: 1 }),
  );
  fc.assert(
    fc.property(cases, ([sum, multiplier, shift]) => {
      const factor = { multiplier: BigInt(multiplier), shift };
      for (const rounding of ["tflm", "xnnpack"] as const) {
        const value = requantizeExactly(sum, multiplier, shift, rounding === "xnnpack" ? 1 : 0);
        expect(BigInt(value), rounding).toBe(rescale(BigInt(sum), factor, rounding));
      }
    }),
    SETTINGS,
  );
});

it("requantizeExactly shifts to the left as far as numbers reach", () => {
  const cases = fc.tuple(
    fc.integer({ min: -300, max: 300 }),
    fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }),
    fc.integer({ min: 1, max: 30 }),
  );
  fc.assert(
    fc.property(cases, ([sum, multiplier, shift]) => {
      const factor = { multiplier: BigInt(multiplier), shift };
      expect(BigInt(requantizeExactly(sum, multiplier, shift, 1))).toBe(rescale(BigInt(sum), factor, "xnnpack"));
      if (Math.abs(sum) * 2 ** shift >= 2 ** 31) return;
      expect(BigInt(requantizeExactly(sum, multiplier, shift, 0))).toBe(rescale(BigInt(sum), factor, "tflm"));
    }),
    SETTINGS,
  );
});

it("fixed-point exp, logistic and tanh are within a millionth of the real ones", () => {
  for (let a = -(2 ** 31); a <= 0; a += 40000003) {
    expect(expOnNegative(a, 5) / 2 ** 31).toBeCloseTo(Math.exp(a / 2 ** 26), 6);
    expect(logisticOf(a, 4) / 2 ** 31).toBeCloseTo(1 / (1 + Math.exp(-a / 2 ** 27)), 6);
    expect(tanhOf(a, 4) / 2 ** 31).toBeCloseTo(Math.tanh(a / 2 ** 27), 6);
    expect(tanhOf(-a - 1, 4) / 2 ** 31).toBeCloseTo(Math.tanh((-a - 1) / 2 ** 27), 6);
  }
});

const all = Int8Array.from({ length: 256 }, (_, i) => i - 128);

it("LOGISTIC, TANH and HARD_SWISH follow the real function to a step or less", () => {
  const functions = {
    LOGISTIC: { real: (x: number) => 1 / (1 + Math.exp(-x)), scale: 1 / 256, zero: -128 },
    TANH: { real: Math.tanh, scale: 1 / 128, zero: 0 },
    HARD_SWISH: { real: (x: number) => (x * Math.max(0, Math.min(6, x + 3))) / 6, scale: 0.05, zero: -100 },
  };
  for (const [name, f] of Object.entries(functions)) {
    for (const inputScale of [0.01, 0.05, 0.1]) {
      for (const rounding of ["tflm", "xnnpack"] as const) {
        const file = oneOperator(name as keyof typeof functions, [
          int8([256], inputScale, 11),
          int8([256], f.scale, f.zero),
        ]);
        Array.from(runModelOnce(file, all, { rounding })).forEach((value, i) => {
          const real = f.real(Math.fround(inputScale) * (all[i]! - 11)) / Math.fround(f.scale) + f.zero;
          const clamped = Math.max(-128, Math.min(127, real));
          expect(Math.abs(value - clamped), `${name} of ${all[i]}, scale ${inputScale}`).toBeLessThan(1.01);
        });
      }
    }
  }
});

it("SOFTMAX gives the real probabilities to a step or less, whatever the row", () => {
  const cases = fc.integer({ min: 1, max: 20 }).chain((depth) =>
    fc.record({
      depth: fc.constant(depth),
      input: bytes(depth * 2),
      inputScale: fc.constantFrom(0.02, 0.1, 0.3),
      options: variant,
    }),
  );
  fc.assert(
    fc.property(cases, ({ depth, input, inputScale, options }) => {
      const file = oneOperator("SOFTMAX", [int8([2, depth], inputScale, 9), int8([2, depth], 1 / 256, -128)], {
        beta: 1,
      });
      const values = runModelOnce(file, input, options);
      for (let row = 0; row < 2; row++) {
        const powers = Array.from(input.subarray(row * depth, (row + 1) * depth), (x) => Math.exp(x * inputScale));
        const sum = powers.reduce((total, power) => total + power, 0);
        powers.forEach((power, i) => {
          const real = Math.min(127, (256 * power) / sum - 128);
          expect(Math.abs(values[row * depth + i]! - real)).toBeLessThan(1.01);
        });
      }
    }),
    PROPERTY,
  );
});

it("LOGISTIC is computed in fixed point by TensorFlow Lite Micro, in floating point by XNNPACK, and they part", () => {
  // Inputs whose output is so close to a half that the last bits decide: scale, zero point, input, both outputs.
  const cases = [
    [0.019009310752153397, -73, -32, 47, 48],
    [0.040563639253377914, -17, -11, 15, 16],
    [0.01483676303178072, 109, 66, -40, -39],
    [0.0070709288120269775, -128, 74, 78, 79],
  ] as const;
  for (const [scale, zero, value, tflm, xnnpack] of cases) {
    const file = oneOperator("LOGISTIC", [int8([1], scale, zero), int8([1], 1 / 256, -128)]);
    for (const backend of ["loops", "espruino"] as const) {
      expect([...runModelOnce(file, Int8Array.of(value), { rounding: "tflm", backend })]).toEqual([tflm]);
      expect([...runModelOnce(file, Int8Array.of(value), { rounding: "xnnpack", backend })]).toEqual([xnnpack]);
    }
  }
});
