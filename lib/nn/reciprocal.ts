import { highMul } from "./high-mul.js";

/** 48/17 and -32/17 with two integer bits: the first guess of Newton's division. */
const CONSTANT_48_OVER_17 = 1515870810;
const CONSTANT_NEG_32_OVER_17 = -1010580540;
const ONE = 536870912;

/** 1 / (1 + a) for a in [0, 1), both with 31 fractional bits: gemmlowp's one_over_one_plus_x_for_x_in_0_1. */
export function oneOverOnePlus(a: number): number {
  const half = Math.floor((a + 2147483648) / 2);
  let x = CONSTANT_48_OVER_17 + highMul(half, CONSTANT_NEG_32_OVER_17);
  for (let i = 0; i < 3; i++) x += saturate(highMul(x, ONE - highMul(half, x)) * 4);
  return saturate(x * 2);
}

function saturate(value: number): number {
  return Math.max(-2147483648, Math.min(2147483647, value));
}
