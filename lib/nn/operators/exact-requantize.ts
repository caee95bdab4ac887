import { highMul, roundingDivideByPowerOfTwo } from "../high-mul.js";
import type { OperatorContext } from "../operator-context.js";
import type { Operator } from "../operator.js";
import type { RequantizeRow } from "../requantizer.js";

/**
 * Does no work of its own: it brings the exact integer form of requantization to the operators after it, for channels
 * that no multiply-add fits. Only packs with such channels name it, so only their bundles have it. No parameters.
 */
export const exactRequantize: Operator = {
  code: 16,
  prepare(context: OperatorContext): undefined {
    context.exactForm = exactRow;
    return undefined;
  },
};

const exactRow: RequantizeRow = (r, sums, from, to, out, at) => {
  const exact = r.exact!;
  for (let i = from; i < to; i++) {
    const channel = i * r.stride;
    const first = channel * 4;
    const sum = sums[i]!;
    const multiplier = r.multipliers[channel]!;
    const value = multiplier
      ? (sum * multiplier + (sum < 0 ? r.negative : r.positive)[channel]!) | 0
      : requantizeExactly(sum, exact[first]!, exact[first + 1]!, exact[first + 2]!) + exact[first + 3]! - r.low;
    out[at + i] = r.low + Math.max(0, Math.min(r.span, value));
  }
};

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
