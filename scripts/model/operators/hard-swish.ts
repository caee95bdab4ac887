import { highMul, roundingDivideByPowerOfTwo } from "../../../lib/nn/high-mul.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";
import { lowerTable } from "../table-operator.js";

/** Bits by which the input is made finer. */
const INPUT_SHIFT = 7;

/** HARD_SWISH in 16-bit fixed point: tensorflow/lite/kernels/internal/reference/hard_swish.h. */
export const lowerHardSwish: OperatorLowering = {
  name: "HARD_SWISH",
  version: 1,
  lower(node: Node): void {
    lowerTable(node, (value, from, to) => {
      const fine = Math.fround(from.scale / 2 ** INPUT_SHIFT);
      const output = half(Math.fround(fine / to.scale));
      const reluish = half(Math.fround(fine / Math.fround(3 / 32768)));
      const input = (value - from.zeroPoint) * 2 ** INPUT_SHIFT;
      const onOutputScale = highMul16(input, output.multiplier);
      let gate = input;
      if (reluish.shift > 0) gate = saturate16(gate * 2 ** (reluish.shift - 1));
      gate = highMul16(gate, reluish.multiplier);
      if (reluish.shift > 0) gate = saturate16(gate * 2);
      if (reluish.shift < 0) gate = roundingDivideByPowerOfTwo(gate, -reluish.shift);
      gate = (gate + 32768) >> 1;
      const product = highMulTruncating16(gate, onOutputScale);
      return roundingDivideByPowerOfTwo(product, -output.shift) + to.zeroPoint;
    });
  },
};

/** A real factor with a 16-bit multiplier: DownScaleInt32ToInt16Multiplier. */
function half(factor: number): { multiplier: number; shift: number } {
  const { multiplier, shift } = quantizeMultiplier(factor, "tflm");
  return { multiplier: multiplier >= 2147483647 - 32768 ? 32767 : (multiplier + 32768) >> 16, shift };
}

function saturate16(value: number): number {
  return Math.max(-32768, Math.min(32767, value));
}

/** gemmlowp's SaturatingRoundingDoublingHighMul for 16 bits, by way of the 32-bit one. */
function highMul16(a: number, b: number): number {
  if (a === -32768 && b === -32768) return 32767;
  return highMul(a * 65536, b);
}

/** SaturatingDoublingHighMul: as above, cut toward zero instead of rounded. */
function highMulTruncating16(a: number, b: number): number {
  if (a === -32768 && b === -32768) return 32767;
  return Math.trunc((a * b) / 32768);
}
