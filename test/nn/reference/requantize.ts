import type { Rounding } from "../../../scripts/model/rounding.js";

/** A factor as TensorFlow Lite keeps it: 31 bits and a power of two. */
export interface Factor {
  readonly multiplier: bigint;
  readonly shift: number;
}

/** QuantizeMultiplier from the bits of the double, in whole numbers. */
export function quantized(real: number): Factor {
  if (real === 0) return { multiplier: 0n, shift: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, real);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 2047n) - 1022;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (1n << 52n);
  let multiplier = (mantissa + (1n << 21n)) >> 22n;
  let shift = exponent;
  if (multiplier === 1n << 31n) {
    multiplier >>= 1n;
    shift++;
  }
  return shift < -31 ? { multiplier: 0n, shift: 0 } : { multiplier, shift };
}

/** MultiplyByQuantizedMultiplier with 64-bit integers. */
export function rescale(value: bigint, { multiplier, shift }: Factor, rounding: Rounding): bigint {
  if (rounding === "xnnpack") {
    const total = BigInt(31 - shift);
    return (value * multiplier + (1n << (total - 1n))) >> total;
  }
  const left = shift > 0 ? value << BigInt(shift) : value;
  const product = left * multiplier;
  // SaturatingRoundingDoublingHighMul: C's division cuts toward zero.
  const high = (product + (product >= 0n ? 1n << 30n : 1n - (1n << 30n))) / (1n << 31n);
  const right = shift < 0 ? BigInt(-shift) : 0n;
  const mask = (1n << right) - 1n;
  const threshold = (mask >> 1n) + (high < 0n ? 1n : 0n);
  return (high >> right) + ((high & mask) > threshold ? 1n : 0n);
}

/** An output: rescaled, moved by the zero point, clamped. */
export function output(
  sum: bigint,
  factor: Factor,
  rounding: Rounding,
  zeroPoint: number,
  low = -128,
  high = 127,
): number {
  const value = rescale(sum, factor, rounding) + BigInt(zeroPoint);
  return Number(value < BigInt(low) ? BigInt(low) : value > BigInt(high) ? BigInt(high) : value);
}
