import { roundingDivideByPowerOfTwo } from "../../../lib/nn/high-mul.js";
import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import { fitSteps } from "../requantize/fit.js";
import { remembered } from "../requantize/remembered.js";
import { stepAt, thresholds, type StepFunction } from "../requantize/step-function.js";

/** value * factor + addend, then cut to a whole number. */
export interface AffineStep {
  readonly factor: number;
  readonly addend: number;
}

/** Where a channel's sum is within the numbers that native calls make. */
export interface Lane {
  /** The number that stands for a sum: sum * scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Bound on the sums, so that they can be told apart. */
  readonly bound: number;
}

/** How sums are stored: one in a number, or two, of which the second is worth 2^24 times the first. */
export interface SumForm {
  /** How the device calls it. */
  readonly code: number;
  readonly lanes: readonly Lane[];
  /** Affine maps that bring the sums out, as factor and addend: one for both, or one for each. */
  readonly unpack: readonly AffineStep[];
}

/** The sum of the second lane is worth this much of the first's. */
export const LANE = 2 ** 24;

export const SINGLE: SumForm = { code: 1, lanes: [{ scale: 1, offset: 0, bound: 2 ** 31 }], unpack: [] };

/** 1.5 * 2^52: doubles around it have the unit 1, so that their words are those of a whole number. */
const WHOLE = 1.5 * 2 ** 52;
const LOW_WORD_OFFSET = 2 ** 30;

/**
 * Two sums that become the words of one double. Its upper word has room for 20 bits; the lower one is kept above zero, or
 * it would borrow from the upper.
 */
export const NARROW: SumForm = {
  code: 2,
  lanes: [
    { scale: 256, offset: LOW_WORD_OFFSET, bound: 2 ** 22 },
    { scale: 1, offset: 0x43380000, bound: 2 ** 19 },
  ],
  unpack: [{ factor: 256, addend: WHOLE + LOW_WORD_OFFSET }],
};

const WIDE_BOUND = 2 ** 23;

/**
 * Two sums of any size: the first remains where multiples of 2^32 fall away, at the upper end of an int32; the second is
 * what remains when the first, as a fraction, is cut off.
 */
export const WIDE: SumForm = {
  code: 3,
  lanes: [
    { scale: 256, offset: 0, bound: WIDE_BOUND },
    { scale: 1, offset: WIDE_BOUND, bound: WIDE_BOUND },
  ],
  unpack: [
    { factor: 256, addend: 0 },
    { factor: 1 / LANE, addend: WIDE_BOUND + 0.5 },
  ],
};

/** Bound on the accumulators of two-step requantization, and what keeps them above zero. */
const GREATEST_SUM = 2 ** 24;

/**
 * Affine maps that make a channel's sums outputs minus `low`, proved at every threshold; undefined where there are none.
 * One map does where one addend fits sums of either sign. The double rounding of the reference kernels is symmetric
 * around zero otherwise: then a first map does its first rounding, whose whole numbers a slightly steeper second map
 * rounds away from zero on either side.
 * @param f the output as a function of the accumulator, which is sum + bias
 * @param rounds true for both maps even where one would do
 */
export function affineSteps(f: StepFunction, lane: Lane, bias: number, rounds: boolean): AffineStep[] | undefined {
  const last = rounds ? twoSteps(f) : oneStep(f);
  if (last === undefined) return undefined;
  const [{ factor, addend }, ...rest] = last as [AffineStep, ...AffineStep[]];
  const first = { factor: factor / lane.scale, addend: addend + factor * (bias - lane.offset / lane.scale) };
  const steps = [first, ...rest];
  const inLane = (sum: number): number => (sum - bias) * lane.scale + lane.offset;
  return proves(f, steps, inLane) ? steps : undefined;
}

function oneStep(f: StepFunction): AffineStep[] | undefined {
  const fit = fitSteps(f);
  return fit?.positive === fit?.negative && fit !== undefined ? [{ factor: fit.m, addend: fit.positive }] : undefined;
}

const twoSteps = remembered((f: StepFunction): AffineStep[] | undefined => {
  const { multiplier, shift } = f.factor;
  if (f.rounding !== "tflm" || f.output || shift > 0) return undefined;
  if (Math.max(-f.least, f.greatest) >= GREATEST_SUM) return undefined;
  const half = (sum: number): number => requantizeExactly(sum, multiplier, 0, 0);
  const fit = fitSteps({
    ...f,
    factor: { multiplier: 2 ** 30, shift: shift + 1 },
    least: half(f.least),
    greatest: half(f.greatest),
    output: (value) => roundingDivideByPowerOfTwo(value, -shift) + f.zeroPoint,
  });
  if (fit === undefined || fit.positive !== fit.negative) return undefined;
  return [
    { factor: multiplier / 2 ** 31, addend: 0.5 + GREATEST_SUM },
    { factor: fit.m, addend: fit.positive - fit.m * GREATEST_SUM },
  ];
});

/** True where the maps give the function's output at both sides of every threshold and at the ends. */
function proves(f: StepFunction, steps: readonly AffineStep[], inLane: (sum: number) => number): boolean {
  const at = (sum: number): number => {
    let value = inLane(sum);
    for (const { factor, addend } of steps) value = Math.trunc(value * factor + addend);
    return Math.max(0, Math.min(f.high - f.low, value)) + f.low;
  };
  const ends = [f.least, f.greatest].every((sum) => at(sum) === stepAt(f, sum));
  return ends && thresholds(f).every(({ output, sum }) => at(sum) >= output && at(sum - 1) < output);
}
