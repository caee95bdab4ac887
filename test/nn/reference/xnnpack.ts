import { output, quantized } from "./requantize.js";

/** C's lrintf for numbers below 2^51: adding 2^52 leaves no room for a fraction. */
function nearest(value: number): bigint {
  return BigInt(Math.sign(value) * (Math.abs(value) + 2 ** 52 - 2 ** 52));
}

function clamped(value: bigint): number {
  return Number(value < -128n ? -128n : value > 127n ? 127n : value);
}

/** What XNNPACK makes of the sum of two int8, given less their zero points; undefined where it leaves it to others. */
export function xnnpackSum(
  a: number,
  b: number,
  scales: readonly [number, number, number],
  zeroOut: number,
): number | undefined {
  const [first, second] = [Math.fround(scales[0] / scales[2]), Math.fround(scales[1] / scales[2])];
  if (first < 1 / 1024 || first >= 256 || second < 1 / 1024 || second >= 256) return undefined;
  let shift = 20;
  for (let most = Math.max(first, second); most >= 2; most /= 2) shift--;
  for (let most = Math.max(first, second); most < 1; most *= 2) shift++;
  const sum = BigInt(a) * nearest(first * 2 ** shift) + BigInt(b) * nearest(second * 2 ** shift);
  return clamped(((sum + (1n << BigInt(shift - 1))) >> BigInt(shift)) + BigInt(zeroOut));
}

/** An int8, less its zero point, on another scale by XNNPACK, or by TensorFlow Lite where that leaves it. */
export function xnnpackScaled(value: number, factor: number, zeroOut: number, isTaken: boolean): number {
  if (!isTaken) return output(BigInt(value), quantized(factor), "tflm", zeroOut);
  return clamped(((BigInt(value) * nearest(Math.fround(256 * factor)) + 128n) >> 8n) + BigInt(zeroOut));
}

/** True for the factors that XNNPACK takes. */
export function isTaken(factor: number): boolean {
  return factor >= 1 / 256 && factor <= 128;
}
