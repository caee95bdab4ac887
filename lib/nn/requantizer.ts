import type { OperatorContext } from "./operator-context.js";

/**
 * Turns int32 accumulators into int8 outputs. For each channel the compiler has fitted one multiply-add that gives the
 * reference's rounding for every accumulator that can occur (docs/model-pack.md). `|0` cuts toward zero, which is
 * the floor wherever the result is not clamped from below anyway.
 */
export interface Requantizer {
  /** Output that 0 stands for after the multiply-add: the least the activation lets through. */
  readonly low: number;
  /** Greatest output minus `low`. */
  readonly span: number;
  /** 1 where every channel has constants of its own, 0 where all share one set. */
  readonly stride: number;
  readonly multipliers: Float64Array;
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  /** Multiplier, shift and rounding of channels that have no fit (their multiplier is 0); empty where all have one. */
  readonly exact: Int32Array;
  /** What computes those channels. */
  readonly exactForm: ExactForm;
  readonly zeroPoint: number;
}

/** Requantization in whole numbers: sum, multiplier, shift, 1 for single rounding. */
export type ExactForm = (sum: number, multiplier: number, shift: number, single: number) => number;

/** Stands where a model has no EXACT_REQUANTIZE. A damaged pack may still ask for it, and gets a number. */
export function noExactForm(): number {
  return 0;
}

/** Reads the constants of `channels` channels. */
export function readRequantizer(context: OperatorContext, channels: number): Requantizer {
  const stride = context.int();
  const count = stride ? channels : 1;
  const low = context.int();
  const span = context.int();
  const zeroPoint = context.int();
  const multipliers = context.float64(count);
  const positive = context.float64(count);
  const negative = context.float64(count);
  const exact = context.int() ? context.int32(count * 3) : new Int32Array(0);
  const exactForm = context.exactForm;
  if (exact.length > 0 && exactForm === noExactForm) context.fail();
  return { low, span, stride, multipliers, positive, negative, exact, exactForm, zeroPoint };
}

/** Writes the outputs of channels [from, to), whose sums are in `sums` at the same indexes, to `out[at + channel]`. */
export function requantizeRow(
  r: Requantizer,
  sums: Int32Array,
  from: number,
  to: number,
  out: Int8Array,
  at: number,
): void {
  const low = r.low;
  const span = r.span;
  const stride = r.stride;
  const multipliers = r.multipliers;
  const positive = r.positive;
  const negative = r.negative;
  const exact = r.exact;
  let channel = from * stride;
  for (let i = from; i < to; i++) {
    const sum = sums[i]!;
    const multiplier = multipliers[channel]!;
    let value = multiplier
      ? (sum * multiplier + (sum < 0 ? negative[channel]! : positive[channel]!)) | 0
      : r.exactForm(sum, exact[channel * 3]!, exact[channel * 3 + 1]!, exact[channel * 3 + 2]!) + r.zeroPoint - low;
    if (value < 0) value = 0;
    else if (value > span) value = span;
    out[at + i] = value + low;
    channel += stride;
  }
}
