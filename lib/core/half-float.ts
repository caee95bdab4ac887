const scratch = new Float32Array(1);
const bits = new Int32Array(scratch.buffer);

/** True where a 32-bit float holds `value` exactly (NaN counts). */
export function fitsFloat32(value: number): boolean {
  scratch[0] = value;
  return scratch[0] === value || value !== value;
}

/** The 32 bits of `value` as an IEEE 754 single, rounded to nearest. */
export function float32Bits(value: number): number {
  scratch[0] = value;
  return bits[0]!;
}

/** The number that 32 bits of an IEEE 754 single stand for. */
export function float32FromBits(word: number): number {
  bits[0] = word;
  return scratch[0]!;
}

/** The 16 bits of `value` as an IEEE 754 half (binary16), or -1 where it does not fit exactly. */
export function halfBits(value: number): number {
  if (value !== value) return 0x7e00;
  scratch[0] = value;
  if (scratch[0] !== value) return -1;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude === 0) return sign;
  if (magnitude === 0x7f800000) return sign | 0x7c00;
  const exponent = (magnitude >> 23) - 127;
  const mantissa = magnitude & 0x7fffff;
  if (exponent > 15 || exponent < -24) return -1;
  if (exponent >= -14) return mantissa & 0x1fff ? -1 : sign | ((exponent + 15) << 10) | (mantissa >> 13);
  const shift = -1 - exponent;
  const full = mantissa | 0x800000;
  return full & ((1 << shift) - 1) ? -1 : sign | (full >> shift);
}

/** The number that 16 bits of an IEEE 754 half stand for. */
export function halfFromBits(word: number): number {
  const exponent = (word >> 10) & 31;
  const mantissa = word & 1023;
  let magnitude: number;
  if (exponent === 31) magnitude = mantissa ? NaN : Infinity;
  else if (exponent === 0) magnitude = mantissa / 16777216;
  else magnitude = ((mantissa + 1024) * (1 << exponent)) / 33554432;
  return word & 0x8000 ? -magnitude : magnitude;
}
