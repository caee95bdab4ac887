import { quantized } from "./requantize.js";

const LEAST = -32768n;
const GREATEST = 32767n;

function saturated(value: bigint): bigint {
  return value < LEAST ? LEAST : value > GREATEST ? GREATEST : value;
}

/** A product of 16-bit fractions, to the nearest; halves go up in magnitude below zero, as C divides. */
function roundedProduct(a: bigint, b: bigint): bigint {
  const product = a * b;
  return saturated((product + (product >= 0n ? 1n << 14n : 1n - (1n << 14n))) / (1n << 15n));
}

/** Divides by a power of two, ties away from zero. */
function divided(value: bigint, exponent: number): bigint {
  const mask = (1n << BigInt(exponent)) - 1n;
  const threshold = (mask >> 1n) + (value < 0n ? 1n : 0n);
  return (value >> BigInt(exponent)) + ((value & mask) > threshold ? 1n : 0n);
}

/** A multiplier of 16 bits and its shift. */
function short(factor: number): { multiplier: bigint; shift: number } {
  const { multiplier, shift } = quantized(factor);
  return { multiplier: multiplier >= 2147483647n - 32768n ? GREATEST : (multiplier + 32768n) >> 16n, shift };
}

/** HardSwish of tensorflow/lite/kernels/internal/reference/hard_swish.h, in whole numbers. */
export function hardSwish(value: number, scales: readonly [number, number], zeros: readonly [number, number]): number {
  const fine = Math.fround(scales[0] / 128);
  const out = short(Math.fround(fine / scales[1]));
  const relu = short(Math.fround(fine / Math.fround(3 / 32768)));
  const input = BigInt(value - zeros[0]) << 7n;
  let gate = input;
  if (relu.shift > 0) gate = saturated(gate << BigInt(relu.shift - 1));
  gate = roundedProduct(gate, relu.multiplier);
  if (relu.shift > 0) gate = saturated(gate << 1n);
  if (relu.shift < 0) gate = divided(gate, -relu.shift);
  gate = (gate + (1n << 15n)) >> 1n;
  const product = (gate * roundedProduct(input, out.multiplier)) / (1n << 15n);
  const result = divided(product, -out.shift) + BigInt(zeros[1]);
  return Number(result < -128n ? -128n : result > 127n ? 127n : result);
}
