import { highMul, roundingDivideByPowerOfTwo } from "./high-mul.js";
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
  readonly zeroPoint: number;
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
  return { low, span, stride, multipliers, positive, negative, exact, zeroPoint };
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
  let channel = from * stride;
  for (let i = from; i < to; i++) {
    const sum = sums[i]!;
    const multiplier = multipliers[channel]!;
    let value = multiplier
      ? (sum * multiplier + (sum < 0 ? negative[channel]! : positive[channel]!)) | 0
      : exactly(r, sum, channel);
    if (value < 0) value = 0;
    else if (value > span) value = span;
    out[at + i] = value + low;
    channel += stride;
  }
}

function exactly(r: Requantizer, sum: number, channel: number): number {
  const exact = r.exact;
  return (
    requantizeExactly(sum, exact[channel * 3]!, exact[channel * 3 + 1]!, exact[channel * 3 + 2]!) + r.zeroPoint - r.low
  );
}

/**
 * TensorFlow Lite's MultiplyByQuantizedMultiplier in whole numbers.
 * @param shift power of two, positive to the left
 * @param single 1 for XNNPACK's single rounding, 0 for the reference kernels' double rounding
 */
export function requantizeExactly(sum: number, multiplier: number, shift: number, single: number): number {
  if (!single) {
    const left = shift > 0 ? sum << shift : sum;
    return roundingDivideByPowerOfTwo(highMul(left, multiplier), shift < 0 ? -shift : 0);
  }
  // floor((sum * multiplier + 2^(30 - shift)) / 2^(31 - shift)), the low 16 bits of `sum` apart.
  const bits = 15 - shift;
  const upper = (sum >> 16) * multiplier;
  const lower = (sum & 65535) * multiplier;
  const low = Math.floor(lower / 65536);
  const rest = lower - low * 65536;
  const whole = upper + low;
  if (bits < 1) return whole * (1 << -bits) * 1 + Math.floor((rest * (1 << -bits)) / 65536 + 0.5);
  const unit = bits > 30 ? 1073741824 * (1 << (bits - 30)) : 1 << bits;
  return Math.floor((whole + unit / 2) / unit);
}
