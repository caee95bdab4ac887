import type { Quantization } from "../quantization.js";
import type { QuantizedMultiplier } from "../requantize/quantize-multiplier.js";
import { roundHalfEven } from "./round-half-even.js";

/** Scales of the operands, over that of the output, that XNNPACK takes; others go to TensorFlow Lite's own kernel. */
const LEAST_RATIO = 2 ** -10;
const GREATEST_RATIO = 2 ** 8;
/** Bits of the greater operand's multiplier. */
const MULTIPLIER_BITS = 20;

/** How XNNPACK adds two operands: whole multipliers for both, one shift for the sum. */
export interface XnnpackSum {
  readonly multipliers: readonly [number, number];
  /** What the sum of both products is multiplied by. */
  readonly factor: QuantizedMultiplier;
}

/**
 * The constants of XNNPACK's qs8-vadd; undefined for scales that it does not take.
 * Source: XNNPACK, src/microparams-init.c, xnn_init_qs8_add_minmax_scalar_params.
 * @param sign -1 where the second operand is subtracted
 */
export function xnnpackSum(a: Quantization, b: Quantization, to: Quantization, sign: 1 | -1): XnnpackSum | undefined {
  const ratios = [Math.fround(a.scale / to.scale), Math.fround(b.scale / to.scale)] as const;
  if (ratios.some((ratio) => !(ratio >= LEAST_RATIO && ratio < GREATEST_RATIO))) return undefined;
  const shift = MULTIPLIER_BITS - Math.floor(Math.log2(Math.max(...ratios)));
  const [first, second] = ratios.map((ratio) => roundHalfEven(ratio * 2 ** shift));
  return { multipliers: [first!, sign * second!], factor: { multiplier: 2 ** 30, shift: 1 - shift } };
}
