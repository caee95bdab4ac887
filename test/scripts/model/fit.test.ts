import fc from "fast-check";
import { expect, it } from "vitest";
import { fitSteps, proves } from "../../../scripts/model/requantize/fit.js";
import { quantizeMultiplier } from "../../../scripts/model/requantize/quantize-multiplier.js";
import { stepAt, thresholds, type StepFunction } from "../../../scripts/model/requantize/step-function.js";
import { output, quantized } from "../../nn/reference/requantize.js";

const SETTINGS = { seed: 77, numRuns: 300 };

const steps = fc
  .record({
    real: fc.double({ min: -14, max: -1, noNaN: true }).map((exponent) => 2 ** exponent),
    rounding: fc.constantFrom("tflm" as const, "xnnpack" as const),
    zeroPoint: fc.integer({ min: -128, max: 127 }),
    cut: fc.boolean(),
    reach: fc.tuple(fc.integer({ min: 0, max: 4194303 }), fc.integer({ min: 0, max: 4194303 })),
  })
  .map(({ real, rounding, zeroPoint, cut, reach }): { real: number; f: StepFunction } => ({
    real,
    f: {
      factor: quantizeMultiplier(real, rounding),
      rounding,
      zeroPoint,
      low: cut ? zeroPoint : -128,
      high: 127,
      least: -reach[0],
      greatest: reach[1],
    },
  }));

it("quantizes multipliers as 64-bit arithmetic does", () => {
  fc.assert(
    fc.property(fc.double({ min: 2 ** -31, max: 2 ** 10, noNaN: true }), (real) => {
      const { multiplier, shift } = quantizeMultiplier(real, "tflm");
      expect({ multiplier: BigInt(multiplier), shift }).toEqual(quantized(real));
    }),
    SETTINGS,
  );
});

it("finds a multiply-add for every multiplier, and it is the reference's function everywhere", () => {
  fc.assert(
    fc.property(
      steps,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
      ({ real, f }, spots) => {
        const fit = fitSteps(f);
        expect(fit).toBeDefined();
        const near = thresholds(f).flatMap(({ sum }) => [sum - 1, sum]);
        const anywhere = spots.map((spot) => Math.round(f.least + spot * (f.greatest - f.least)));
        for (const sum of [...near, ...anywhere, f.least, f.greatest, -1, 0]) {
          if (sum < f.least || sum > f.greatest) continue;
          const value = (sum * fit!.m + (sum < 0 ? fit!.negative : fit!.positive)) | 0;
          const fitted = Math.max(0, Math.min(f.high - f.low, value)) + f.low;
          expect(fitted).toBe(output(BigInt(sum), quantized(real), f.rounding, f.zeroPoint, f.low, f.high));
        }
      },
    ),
    SETTINGS,
  );
});

it("proves no multiply-add that is wrong at a single sum", () => {
  fc.assert(
    fc.property(steps, ({ f }) => {
      const fit = fitSteps(f)!;
      const list = thresholds(f);
      expect(proves(f, list, fit)).toBe(true);
      const at = (sum: number): number => sum * fit.m + (sum < 0 ? fit.negative : fit.positive);
      for (const { output: reached, sum } of list) {
        const value = reached - f.low;
        // Just below the output at its first sum, then just at it one sum too early.
        for (const [where, move] of [
          [sum, value - at(sum) - 1e-8],
          [sum - 1, value - at(sum - 1) + 1e-8],
        ] as const) {
          const wrong =
            where < 0 ? { ...fit, negative: fit.negative + move } : { ...fit, positive: fit.positive + move };
          expect(proves(f, list, wrong), `${where} of ${JSON.stringify(f)}`).toBe(false);
        }
      }
      // Beyond 32 bits an integer conversion would wrap around.
      expect(proves(f, list, { ...fit, m: 4e9 })).toBe(false);
    }),
    { ...SETTINGS, numRuns: 60 },
  );
});

it("needs one addend only, with single rounding", () => {
  fc.assert(
    fc.property(steps, ({ f }) => {
      fc.pre(f.rounding === "xnnpack");
      const fit = fitSteps(f)!;
      expect(fit.positive).toBe(fit.negative);
    }),
    SETTINGS,
  );
});

it("lists exactly the sums at which the output changes", () => {
  const f: StepFunction = {
    factor: quantizeMultiplier(0.3, "tflm"),
    rounding: "tflm",
    zeroPoint: 5,
    low: -128,
    high: 127,
    least: -300,
    greatest: 300,
  };
  const changes = [];
  for (let sum = -299; sum <= 300; sum++) if (stepAt(f, sum) !== stepAt(f, sum - 1)) changes.push(sum);
  expect(thresholds(f).map(({ sum }) => sum)).toEqual(changes);
});

it("gives up where no multiply-add can follow, rather than be wrong", () => {
  // With a factor above 1 the outputs skip numbers; the double rounding then has no steps to fit within.
  const factor = quantizeMultiplier(1.7, "tflm");
  const f: StepFunction = {
    factor,
    rounding: "tflm",
    zeroPoint: 0,
    low: -128,
    high: 127,
    least: -200,
    greatest: 200,
  };
  const fit = fitSteps(f);
  if (fit === undefined) return;
  for (let sum = f.least; sum <= f.greatest; sum++) {
    const value = (sum * fit.m + (sum < 0 ? fit.negative : fit.positive)) | 0;
    expect(Math.max(0, Math.min(255, value)) - 128).toBe(stepAt(f, sum));
  }
});
