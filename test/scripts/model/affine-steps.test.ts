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
