const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The 32 bits of `value` as an IEEE 754 single, rounded to nearest. */
export function float32Bits(value: number): number {
  single[0] = value;
  return bits[0]!;
}

/**
 * The 16 bits of `value`, rounded to a single, as an IEEE 754 half (binary16), or -1 where a normal half does not hold
 * it exactly. Zero, subnormal and infinite values count as not held: they are rare, and a single holds them.
 */
export function halfBits(value: number): number {
  const word = float32Bits(value);
  const exponent = ((word >> 23) & 255) - 112;
  return word & 8191 || exponent < 1 || exponent > 30
    ? -1
    : ((word >>> 16) & 32768) | (exponent << 10) | ((word >> 13) & 1023);
}
