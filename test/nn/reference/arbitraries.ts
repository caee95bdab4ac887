import fc from "fast-check";
import type { CompileOptions } from "../../../scripts/model/compile.js";

/** Settings of every property here: seeded, so that a failure can be had again. */
export const PROPERTY = { seed: 20261123, numRuns: 200 } as const;

/** An int8, with the extremes often. */
export const byte = fc.oneof(fc.integer({ min: -128, max: 127 }), fc.constantFrom(-128, -127, 0, 127));

export function bytes(length: number): fc.Arbitrary<Int8Array> {
  return fc.array(byte, { minLength: length, maxLength: length }).map((values) => Int8Array.from(values));
}

/** Scales over the range that trained models have. */
export const scale = fc.double({ min: -12, max: 1, noNaN: true }).map((exponent) => Math.fround(2 ** exponent));

/** Every rounding, backend and plan, and requantization in exact integers. */
export const variant: fc.Arbitrary<CompileOptions> = fc.record({
  rounding: fc.constantFrom("tflm", "xnnpack"),
  backend: fc.constantFrom("loops", "espruino"),
  plan: fc.constantFrom("fast", "lean"),
  exactOnly: fc.boolean(),
  // What one row of output takes, what all do, and what leaves the last strip shorter than the others.
  scratchBudget: fc.constantFrom(0, 150, 250, 400, 600, 24576),
});
