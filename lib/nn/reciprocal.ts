import { highMul } from "./high-mul.js";

/** Numbers with two integer bits. */
const enum Fixed {
  ONE = 536870912,
  /** 48/17 and -32/17: the first guess of Newton's division. */
  CONSTANT_48_OVER_17 = 1515870810,
  CONSTANT_NEG_32_OVER_17 = -1010580540,
}

/**
 * 1 / x for x in [1, 2), both with 31 fractional bits: gemmlowp's one_over_one_plus_x_for_x_in_0_1. Only 1 / 1 ever
 * saturates.
 */
export function reciprocal(x: number): number {
  const half = Math.floor(x / 2);
  let y = Fixed.CONSTANT_48_OVER_17 + highMul(half, Fixed.CONSTANT_NEG_32_OVER_17);
  for (let i = 0; i < 3; i++) y += highMul(y, Fixed.ONE - highMul(half, y)) * 4;
  return Math.min(2147483647, y * 2);
}
