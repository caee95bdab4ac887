import { remembered } from "./remembered.js";
import { stepAt, thresholds, type StepFunction } from "./step-function.js";

/** Constants with which (sum * m + (sum < 0 ? negative : positive)) | 0, clamped to [0, high - low], is output - low. */
export interface Fit {
  readonly m: number;
  readonly positive: number;
  readonly negative: number;
}

/** A condition on sum * m + b: at least `value` (atLeast) or below it. */
interface Condition {
  readonly sum: number;
  readonly value: number;
  readonly atLeast: boolean;
}

const SEARCH_STEPS = 64;
/** The best factor is nearly the real one; how far the search may go from it. */
const SEARCH_WIDTH = 2 ** -9;
const INT32 = 2147483648;
/**
 * How far a value must stay from where the output changes. Backends fold biases into the addends: that moves values
 * by rounding errors below 10^-11.
 */
const MARGIN = 1e-9;

/**
 * Fits one multiply-add to a step function and proves it at every threshold that can occur. One addend for both signs
 * is tried first: only the double rounding, symmetric around zero, needs two.
 * @returns undefined where no constants reproduce the function
 */
export const fitSteps = remembered((f: StepFunction): Fit | undefined => {
  const steps = thresholds(f);
  const all = conditions(f, steps, f.least, f.greatest);
  const above = f.greatest >= 0 ? conditions(f, steps, Math.max(0, f.least), f.greatest) : [];
  const below = f.least < 0 ? conditions(f, steps, f.least, Math.min(-1, f.greatest)) : [];
  const real = (f.factor.multiplier / INT32) * 2 ** f.factor.shift || 2 ** -40;

  const common = widest(real, (m) => gap(all, m));
  const [low, high] = bounds(all, common);
  if (low < high) {
    const fit = { m: common, positive: middle(low, high), negative: middle(low, high) };
    if (proves(f, steps, fit)) return fit;
  }
  const split = widest(real, (m) => Math.min(gap(above, m), gap(below, m)));
  const fit = { m: split, positive: middle(...bounds(above, split)), negative: middle(...bounds(below, split)) };
  return proves(f, steps, fit) ? fit : undefined;
});

/** True where the fitted expression gives the step function's output at both sides of every threshold and at the ends. */
export function proves(f: StepFunction, steps: { readonly output: number; readonly sum: number }[], fit: Fit): boolean {
  const at = (sum: number): number => sum * fit.m + (sum < 0 ? fit.negative : fit.positive);
  const ends = [f.least, f.greatest];
  // Beside zero the addend changes, so the expression need not be monotone there.
  const corners = [...ends, -1, 0].filter((sum) => sum >= f.least && sum <= f.greatest);
  return (
    ends.every((sum) => Math.abs(at(sum)) < INT32 - 1) &&
    corners.every((sum) => both(f, at(sum), (output) => output === stepAt(f, sum))) &&
    steps.every(
      ({ output, sum }) =>
        both(f, at(sum), (value) => value >= output) && both(f, at(sum - 1), (value) => value < output),
    )
  );
}

/** True where a condition holds for the outputs just below and just above a value. */
function both(f: StepFunction, value: number, holds: (output: number) => boolean): boolean {
  return [value - MARGIN, value + MARGIN].every((near) =>
    holds(Math.max(0, Math.min(f.high - f.low, near | 0)) + f.low),
  );
}

function conditions(
  f: StepFunction,
  steps: { readonly output: number; readonly sum: number }[],
  from: number,
  to: number,
): Condition[] {
  const list: Condition[] = [];
  const first = stepAt(f, from);
  const last = stepAt(f, to);
  if (first > f.low) list.push({ sum: from, value: first - f.low, atLeast: true });
  if (last < f.high) list.push({ sum: to, value: last - f.low + 1, atLeast: false });
  for (const { output, sum } of steps) {
    const value = output - f.low;
    if (sum >= from && sum <= to) list.push({ sum, value, atLeast: true });
    if (sum - 1 >= from && sum - 1 <= to) list.push({ sum: sum - 1, value, atLeast: false });
  }
  return list;
}

/** Between which addends all conditions hold for a factor. */
function bounds(list: readonly Condition[], m: number): [low: number, high: number] {
  let low = -Infinity;
  let high = Infinity;
  for (const { sum, value, atLeast } of list) {
    const addend = value - sum * m;
    if (atLeast) low = Math.max(low, addend);
    else high = Math.min(high, addend);
  }
  return [low, high];
}

function gap(list: readonly Condition[], m: number): number {
  const [low, high] = bounds(list, m);
  return high - low;
}

function middle(low: number, high: number): number {
  if (low === -Infinity && high === Infinity) return 0;
  if (low === -Infinity) return high - 0.5;
  if (high === Infinity) return low + 0.5;
  return (low + high) / 2;
}

/** The factor with the widest gap: the gap is concave in it, a least of lines minus a greatest of lines. */
function widest(real: number, gapAt: (m: number) => number): number {
  let low = real * (1 - SEARCH_WIDTH);
  let high = real * (1 + SEARCH_WIDTH);
  if (!Number.isFinite(gapAt(real))) return real;
  for (let i = 0; i < SEARCH_STEPS; i++) {
    const third = (high - low) / 3;
    if (gapAt(low + third) < gapAt(high - third)) low += third;
    else high -= third;
  }
  return (low + high) / 2;
}
