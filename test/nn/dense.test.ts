import fc from "fast-check";
import { expect, it } from "vitest";
import { clamps } from "./reference/activation.js";
import { bytes, PROPERTY, scale, variant } from "./reference/arbitraries.js";
import { int32, int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { output, quantized } from "./reference/requantize.js";
import { sequence } from "../support/small-models.js";

it("FULLY_CONNECTED is a product of matrices, with one scale or one per unit", () => {
  const cases = fc
    .record({
      batches: fc.integer({ min: 1, max: 2 }),
      depth: fc.integer({ min: 1, max: 40 }),
      units: fc.integer({ min: 1, max: 40 }),
      perUnit: fc.boolean(),
      hasBias: fc.boolean(),
      activation: fc.constantFrom(0, 1, 2, 3),
    })
    .chain((s) =>
      fc.record({
        s: fc.constant(s),
        input: bytes(s.batches * s.depth),
        weights: bytes(s.units * s.depth),
        biases: fc.array(fc.integer({ min: -100000, max: 100000 }), { minLength: s.units, maxLength: s.units }),
        scales: fc.array(scale, { minLength: s.units, maxLength: s.units }),
        inputScale: scale,
        outputScale: scale,
        zeros: fc.tuple(fc.integer({ min: -128, max: 127 }), fc.integer({ min: -128, max: 127 })),
        options: variant,
      }),
    );
  fc.assert(
    fc.property(cases, ({ s, input, weights, biases, scales, inputScale, outputScale, zeros, options }) => {
      const own = s.perUnit && s.units > 1 ? scales : scales.slice(0, 1);
      fc.pre(own.every((kernel) => (inputScale * kernel) / outputScale < 1));
      const file = oneOperator(
        "FULLY_CONNECTED",
        [
          int8([s.batches, s.depth], inputScale, zeros[0]),
          {
            ...int8([s.units, s.depth], 1, 0, weights),
            quantization: { scale: own, zeroPoint: own.map(() => 0) },
          },
          ...(s.hasBias ? [int32(biases)] : []),
          int8([s.batches, s.units], outputScale, zeros[1]),
        ],
        { fused_activation_function: s.activation },
      );
      const [low, high] = clamps(s.activation, outputScale, zeros[1]);
      const expected: number[] = [];
      for (let n = 0; n < s.batches; n++) {
        for (let unit = 0; unit < s.units; unit++) {
          let sum = BigInt(s.hasBias ? biases[unit]! : 0);
          for (let k = 0; k < s.depth; k++) {
            sum += BigInt((input[n * s.depth + k]! - zeros[0]) * weights[unit * s.depth + k]!);
          }
          const product = own.length > 1 ? inputScale * own[unit]! : Math.fround(inputScale * own[0]!);
          expected.push(output(sum, quantized(product / outputScale), options.rounding, zeros[1], low, high));
        }
      }
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});

it("FULLY_CONNECTED with one scale multiplies it in single precision, which the greatest sums show", () => {
  // Scales with all 24 bits, whose product has 48.
  const full = fc.integer({ min: 2 ** 22, max: 2 ** 23 - 1 }).map((half) => (2 * half + 1) * 2 ** -29);
  const cases = fc.record({ inputScale: full, kernelScale: full, outputScale: full });
  let parted = 0;
  fc.assert(
    fc.property(cases, ({ inputScale, kernelScale, outputScale: wanted }) => {
      const rounded = Math.fround(inputScale * kernelScale);
      // A factor between 2^-26 and 2^-24: the sums nearly fill 32 bits.
      const outputScale = Math.fround(wanted * 2 ** Math.max(0, Math.ceil(Math.log2(rounded / wanted)) + 25));
      const factor = rounded / outputScale;
      const halves = Array.from({ length: 64 }, (_, k) => Math.round((k - 31.5) / factor));
      const biases = halves.flatMap((half) => [-20, -10, -5, -2, 0, 2, 5, 10, 20].map((beside) => half + beside));
      const units = biases.length;
      const file = oneOperator("FULLY_CONNECTED", [
        int8([1, 1], inputScale, 0),
        int8([units, 1], kernelScale, 0, new Int8Array(units)),
        int32(biases),
        int8([1, units], outputScale, 0),
      ]);
      const expected = (real: number): number[] =>
        biases.map((bias) => output(BigInt(bias), quantized(real), "tflm", 0, -128, 127));
      for (const backend of ["loops", "espruino"] as const) {
        expect([...runModelOnce(file, Int8Array.of(1), { rounding: "tflm", backend })]).toEqual(expected(factor));
      }
      if (expected(factor).join() !== expected((inputScale * kernelScale) / outputScale).join()) parted++;
    }),
    { ...PROPERTY, numRuns: 40 },
  );
  // Otherwise this would prove nothing.
  expect(parted).toBeGreaterThan(3);
});

it("a bias beyond the digits of the native form is right all the same", () => {
  const biases = [3_000_000, -2_500_000, 2_081_000, -7];
  const file = oneOperator("FULLY_CONNECTED", [
    int8([1, 2], 1, 0),
    int8([4, 2], 1, 0, Int8Array.of(3, -4, 5, 6, -7, 8, 9, 1)),
    int32(biases),
    int8([1, 4], 30000, 0),
  ]);
  for (const rounding of ["tflm", "xnnpack"] as const) {
    const sums = [3 * 11 - 4 * -20, 5 * 11 + 6 * -20, -7 * 11 + 8 * -20, 9 * 11 + -20];
    const expected = sums.map((sum, i) =>
      output(BigInt(sum + biases[i]!), quantized(1 / 30000), rounding, 0, -128, 127),
    );
    for (const plan of ["fast", "lean"] as const) {
      const options = { rounding, backend: "espruino", plan } as const;
      expect([...runModelOnce(file, Int8Array.of(11, -20), options)]).toEqual(expected);
    }
  }
});

it("layers of more weights than a piece of a pack are computed in parts", () => {
  const next = sequence(31);
  const pick = (): number => Math.floor(next() * 256) - 128;
  const [depth, units, side] = [301, 260, 3];
  const weights = Int8Array.from({ length: depth * units }, pick);
  const biases = Array.from({ length: units }, () => pick() * 50);
  const input = Int8Array.from({ length: depth * side }, pick);
  const kernel = { ...int8([units, depth], 0.004, 0, weights) };
  const dense = [int8([side, depth], 0.02, -7), kernel, int32(biases), int8([side, units], 0.05, 4)];
  const pointwise = [
    int8([1, 1, side, depth], 0.02, -7),
    { ...kernel, shape: [units, 1, 1, depth] },
    int32(biases),
    int8([1, 1, side, units], 0.05, 4),
  ];
  const files = {
    dense: oneOperator("FULLY_CONNECTED", dense),
    single: oneOperator("FULLY_CONNECTED", [
      int8([1, depth], 0.02, -7),
      ...dense.slice(1, 3),
      int8([1, units], 0.05, 4),
    ]),
    pointwise: oneOperator("CONV_2D", pointwise, { padding: 1, stride_w: 1, stride_h: 1 }),
  };
  for (const [name, file] of Object.entries(files)) {
    const rows = name === "single" ? 1 : side;
    const [from, kernelScale, to] = [0.02, 0.004, 0.05].map(Math.fround);
    const product = name === "pointwise" ? from! * kernelScale! : Math.fround(from! * kernelScale!);
    const factor = quantized(product / to!);
    for (const rounding of ["tflm", "xnnpack"] as const) {
      const expected = [];
      for (let n = 0; n < rows; n++) {
        for (let unit = 0; unit < units; unit++) {
          let sum = BigInt(biases[unit]!);
          for (let k = 0; k < depth; k++) sum += BigInt((input[n * depth + k]! + 7) * weights[unit * depth + k]!);
          expected.push(output(sum, factor, rounding, 4));
        }
      }
      for (const backend of ["loops", "espruino"] as const) {
        const actual = runModelOnce(file, input.subarray(0, rows * depth), { rounding, backend });
        expect(Array.from(actual), `${name}, ${rounding}, ${backend}`).toEqual(expected);
      }
    }
  }
});
