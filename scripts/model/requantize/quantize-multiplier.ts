import type { Rounding } from "../rounding.js";

/** A real factor as `multiplier` / 2^31 * 2^`shift`, with a multiplier of 31 bits. */
export interface QuantizedMultiplier {
  readonly multiplier: number;
  readonly shift: number;
}

/** Mantissa in [0.5, 1) and exponent of a positive finite number: C's frexp. */
export function frexp(value: number): [mantissa: number, exponent: number] {
  let exponent = Math.max(-1023, Math.floor(Math.log2(value)) + 1);
  let mantissa = value * 2 ** -exponent;
  while (mantissa < 0.5) {
    mantissa *= 2;
    exponent--;
  }
  while (mantissa >= 1) {
    mantissa /= 2;
    exponent++;
  }
  return [mantissa, exponent];
}

/** TensorFlow Lite's QuantizeMultiplier (tensorflow/lite/kernels/internal/quantization_util.cc). */
export function quantizeMultiplier(factor: number, rounding: Rounding): QuantizedMultiplier {
  if (!(factor > 0) || !Number.isFinite(factor)) return { multiplier: 0, shift: 0 };
  const [mantissa, exponent] = frexp(factor);
  let multiplier = Math.round(mantissa * 2147483648);
  let shift = exponent;
  if (multiplier === 2147483648) {
    multiplier /= 2;
    shift++;
  }
  if (shift < -31) return { multiplier: 0, shift: 0 };
  if (rounding === "xnnpack" && shift > 30) return { multiplier: 2147483647, shift: 30 };
  return { multiplier, shift };
}
