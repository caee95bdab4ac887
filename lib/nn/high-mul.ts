/**
 * floor((a * b + 2^30) / 2^31) of two int32, not both -2^31: gemmlowp's SaturatingRoundingDoublingHighMul, without 64-bit
 * integers. Exact: both partial products stay below 2^48.
 */
export function highMul(a: number, b: number): number {
  const lower = Math.floor(((a & 65535) * b + 1073741824) / 65536);
  return Math.floor(((a >> 16) * b + lower) / 32768);
}

/** Divides by 2^exponent, ties away from zero: gemmlowp's RoundingDivideByPOT. `exponent` is 0 to 31. */
export function roundingDivideByPowerOfTwo(value: number, exponent: number): number {
  if (exponent < 1) return value;
  if (exponent > 31) return 0;
  const half = 1 << (exponent - 1);
  const divided = Math.floor((Math.abs(value) + half) / (half * 2));
  return value < 0 ? -divided : divided;
}
