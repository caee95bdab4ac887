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
  /** Multiplier, shift, rounding and zero point of each channel, where one has no fit: its `multipliers` is 0. */
  readonly exact: Int32Array | undefined;
  /** How a row is written. */
  readonly run: RequantizeRow;
}

/** Writes the outputs of channels [from, to), whose sums are in `sums` at the same indexes, to `out[at + channel]`. */
export type RequantizeRow = (
  r: Requantizer,
  sums: Int32Array,
  from: number,
  to: number,
  out: Int8Array,
  at: number,
) => void;

/** Reads the constants of `channels` channels. */
export function readRequantizer(context: OperatorContext, channels: number): Requantizer {
  const stride = context.int();
  const count = stride ? channels : 1;
  const low = context.int();
  const span = context.int();
  const multipliers = context.float64(count);
  const positive = context.float64(count);
  const negative = context.float64(count);
  const exact = context.int() ? context.int32(count * 4) : undefined;
  return { low, span, stride, multipliers, positive, negative, exact, run: exact ? context.exactRow() : fittedRow };
}

const fittedRow: RequantizeRow = (r, sums, from, to, out, at) => {
  const low = r.low;
  const span = r.span;
  const multipliers = r.multipliers;
  const positive = r.positive;
  const negative = r.negative;
  let channel = from * r.stride;
  for (let i = from; i < to; i++) {
    const sum = sums[i]!;
    const value = (sum * multipliers[channel]! + (sum < 0 ? negative : positive)[channel]!) | 0;
    out[at + i] = low + (value < 0 ? 0 : value > span ? span : value);
    channel += r.stride;
  }
};
