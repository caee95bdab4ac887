import { highMul, roundingDivideByPowerOfTwo } from "../../lib/nn/high-mul.js";
import { reciprocal } from "../../lib/nn/reciprocal.js";

/*
 * The functions of gemmlowp's fixedpoint.h that TensorFlow Lite's int8 reference kernels use. Numbers have 31
 * fractional bits unless said otherwise.
 */

const GREATEST = 2147483647;
const LEAST = -2147483648;

function saturate(value: number): number {
  return Math.max(LEAST, Math.min(GREATEST, value));
}

/** exp(a) for a in [-1/4, 0). */
function expNearZero(a: number): number {
  const x = a + 268435456;
  const x2 = highMul(x, x);
  const x3 = highMul(x2, x);
  const x4over4 = roundingDivideByPowerOfTwo(highMul(x2, x2), 2);
  const series = roundingDivideByPowerOfTwo(highMul(x4over4 + x3, 715827883) + x2, 1);
  return 1895147668 + highMul(1895147668, x + series);
}

/** exp(-1/4), exp(-1/2), exp(-1), ... exp(-16). */
const POWERS = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

/** exp(a) for a number `a` <= 0 with `integerBits` integer bits. */
export function expOnNegative(a: number, integerBits: number): number {
  if (a === 0) return GREATEST;
  const fractionalBits = 31 - integerBits;
  const quarter = 2 ** (fractionalBits - 2);
  const modulo = ((a % quarter) + quarter) % quarter;
  const reduced = modulo - quarter;
  let result = expNearZero(saturate(reduced * 2 ** integerBits));
  const remainder = reduced - a;
  POWERS.forEach((power, index) => {
    const exponent = index - 2;
    if (integerBits > exponent && Math.floor(remainder / 2 ** (fractionalBits + exponent)) % 2 === 1) {
      result = highMul(result, power);
    }
  });
  if (integerBits > 5 && a < -(2 ** (36 - integerBits))) return 0;
  return result;
}

/** 1 / (1 + exp(-a)) for a number with `integerBits` integer bits. */
export function logisticOf(a: number, integerBits: number): number {
  if (a === 0) return 1073741824;
  const positive = reciprocal(expOnNegative(-Math.abs(a), integerBits) + 2 ** 31);
  return a > 0 ? positive : GREATEST - positive;
}

/** tanh(a) for a number with `integerBits` integer bits. */
export function tanhOf(a: number, integerBits: number): number {
  if (a === 0) return 0;
  const positive = oneMinusOverOnePlus(expOnNegative(-Math.abs(a), integerBits + 1));
  return a > 0 ? positive : -positive;
}

/** (1 - x) / (1 + x) for x in [0, 1]. */
function oneMinusOverOnePlus(x: number): number {
  const half = Math.floor((x + GREATEST + 1) / 2);
  let guess = 1515870810 + highMul(half, -1010580540);
  for (let i = 0; i < 3; i++) guess += saturate(highMul(guess, 536870912 - highMul(half, guess)) * 4);
  return saturate((guess - 536870912) * 4);
}
