import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import { remembered } from "./remembered.js";
import type { Rounding } from "../rounding.js";
import type { QuantizedMultiplier } from "./quantize-multiplier.js";

/** What a requantized, clamped output is as a function of its accumulator: a staircase that never falls. */
export interface StepFunction {
  readonly factor: QuantizedMultiplier;
  readonly rounding: Rounding;
  readonly zeroPoint: number;
  /** Least and greatest output that the activation lets through. */
  readonly low: number;
  readonly high: number;
  /** Least and greatest accumulator that can occur. */
  readonly least: number;
  readonly greatest: number;
  /** The output before it is clamped, where it is not the sum times `factor`. */
  readonly output?: ((sum: number) => number) | undefined;
}

/** The output for one accumulator, in the reference's integer arithmetic. */
export function stepAt(f: StepFunction, sum: number): number {
  const { multiplier, shift } = f.factor;
  const value = f.output
    ? f.output(sum)
    : requantizeExactly(sum, multiplier, shift, f.rounding === "xnnpack" ? 1 : 0) + f.zeroPoint;
  return Math.min(f.high, Math.max(f.low, value));
}

/** For each output above the least that occurs, the smallest accumulator that gives at least that output. */
export const thresholds = remembered((f: StepFunction): { readonly output: number; readonly sum: number }[] => {
  const list: { output: number; sum: number }[] = [];
  const last = stepAt(f, f.greatest);
  let from = f.least;
  for (let output = stepAt(f, f.least) + 1; output <= last; output++) {
    let below = from;
    let reached = f.greatest;
    while (reached - below > 1) {
      const middle = below + Math.floor((reached - below) / 2);
      if (stepAt(f, middle) >= output) reached = middle;
      else below = middle;
    }
    const sum = stepAt(f, below) >= output ? below : reached;
    list.push({ output, sum });
    from = sum;
  }
  return list;
});
