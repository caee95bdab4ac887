import fc from "fast-check";
import { expect, it } from "vitest";
import { affineSteps, NARROW, SINGLE, WIDE } from "../../../scripts/model/native/affine-steps.js";
import { quantizeMultiplier } from "../../../scripts/model/requantize/quantize-multiplier.js";
import { stepAt, type StepFunction } from "../../../scripts/model/requantize/step-function.js";

const SETTINGS = { seed: 20270311, numRuns: 150 };
const FORMS = { SINGLE, NARROW, WIDE } as const;

const cases = fc.record({
  exponent: fc.double({ min: -14, max: -2, noNaN: true }),
  rounding: fc.constantFrom("tflm" as const, "xnnpack" as const),
  zeroPoint: fc.integer({ min: -128, max: 127 }),
  cut: fc.boolean(),
  reach: fc.integer({ min: 1000, max: 260000 }),
  bias: fc.integer({ min: -100000, max: 100000 }),
  spots: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
});

for (const [name, form] of Object.entries(FORMS)) {
  it(`affine maps of either sign follow the rounding, for sums that lie ${name}`, () => {
    let found = 0;
    fc.assert(
      fc.property(cases, ({ exponent, rounding, zeroPoint, cut, reach, bias, spots }) => {
        const f: StepFunction = {
          factor: quantizeMultiplier(2 ** exponent, rounding),
          rounding,
          zeroPoint,
          low: cut ? zeroPoint : -128,
          high: 127,
          least: -reach,
          greatest: reach,
        };
        for (const lane of form.lanes) {
          const steps = affineSteps(f, lane, bias, false) ?? affineSteps(f, lane, bias, true);
          if (steps === undefined) continue;
          found++;
          for (const spot of [...spots, -1, 1]) {
            const sum = Math.round(spot * reach);
            let value = (sum - bias) * lane.scale + lane.offset;
            for (const { factor, addend } of steps) value = Math.trunc(value * factor + addend);
            expect(Math.max(0, Math.min(f.high - f.low, value)) + f.low).toBe(stepAt(f, sum));
          }
        }
      }),
      SETTINGS,
    );
    // Single rounding always has one; the double rounding has two maps where one does not do.
    expect(found).toBeGreaterThan(SETTINGS.numRuns * form.lanes.length * 0.9);
  });
}

it("takes two maps for the double rounding alone, and one wherever one addend does", () => {
  const base: StepFunction = {
    factor: quantizeMultiplier(0.0123, "tflm"),
    rounding: "tflm",
    zeroPoint: 3,
    low: -128,
    high: 127,
    least: -9000,
    greatest: 9000,
  };
  const [lane] = SINGLE.lanes;
  const count = (f: StepFunction, rounds: boolean): number | undefined => affineSteps(f, lane!, 5, rounds)?.length;
  expect(count(base, true)).toBe(2);
  // Outputs of one sign only are rounded one way.
  expect(count({ ...base, zeroPoint: -128, low: -128 }, false)).toBe(1);
  const single = { ...base, rounding: "xnnpack" as const, factor: quantizeMultiplier(0.0123, "xnnpack") };
  expect(count(single, false)).toBe(1);
  expect(count(single, true)).toBeUndefined();
  // Sums beyond 2^24 are not kept apart from zero by the first map, factors above 1 are not rounded a second time.
  const wide = { ...base, factor: quantizeMultiplier(0.0000066, "tflm"), least: -(2 ** 24), greatest: 100 };
  expect(count(wide, true)).toBeUndefined();
  expect(count({ ...wide, least: -(2 ** 24) + 1 }, true)).toBe(2);
  expect(count({ ...base, factor: quantizeMultiplier(1.7, "tflm"), least: -90, greatest: 90 }, true)).toBeUndefined();
  expect(count({ ...base, output: (sum) => sum + 3, least: -90, greatest: 90 }, true)).toBeUndefined();
});

it("brings two sums out of one number, whatever their signs", () => {
  const words = new DataView(new ArrayBuffer(8));
  const sums = fc.integer({ min: -NARROW.lanes[1]!.bound + 1, max: NARROW.lanes[1]!.bound - 1 });
  fc.assert(
    fc.property(fc.integer({ min: -4194303, max: 4194303 }), sums, (first, second) => {
      const number = first + second * 2 ** 24;
      const [unpack] = NARROW.unpack;
      words.setFloat64(0, number * unpack!.factor + unpack!.addend, true);
      expect(words.getInt32(0, true)).toBe(first * NARROW.lanes[0]!.scale + NARROW.lanes[0]!.offset);
      expect(words.getInt32(4, true)).toBe(second + NARROW.lanes[1]!.offset);
      const [low, high] = WIDE.unpack.map(({ factor, addend }) => (number * factor + addend) | 0);
      expect(low).toBe(first * WIDE.lanes[0]!.scale);
      expect(high).toBe(second + WIDE.lanes[1]!.offset);
    }),
    { seed: 7, numRuns: 2000 },
  );
});
