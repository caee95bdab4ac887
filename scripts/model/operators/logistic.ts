import { roundingDivideByPowerOfTwo } from "../../../lib/nn/high-mul.js";
import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import { logisticOf } from "../fixed-point.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { roundAwayFromZero, type Quantization } from "../quantization.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";
import { lowerTable } from "../table-operator.js";

export const INPUT_INTEGER_BITS = 4;

/**
 * LOGISTIC. The reference (tensorflow/lite/kernels/internal/reference/integer_ops/logistic.h) computes in fixed point;
 * XNNPACK rounds the real function.
 */
export const lowerLogistic: OperatorLowering = {
  name: "LOGISTIC",
  version: 3,
  lower(node: Node): void {
    const { rounding } = node.lowering.options;
    lowerTable(node, (value, from, to) => {
      if (to.scale !== 1 / 256 || to.zeroPoint !== -128)
        node.refuse("its output is not of scale 1/256, zero point -128");
      if (rounding === "xnnpack") {
        const real = Math.fround(from.scale * (value - from.zeroPoint));
        return roundAwayFromZero(Math.fround(256 / (1 + Math.exp(-real)))) - 128;
      }
      const scaled = fixedPointInput(value, from);
      if (scaled === undefined) return value < from.zeroPoint ? -128 : 127;
      return roundingDivideByPowerOfTwo(logisticOf(scaled, INPUT_INTEGER_BITS), 31 - 8) - 128;
    });
  },
};

/** An int8 input as a number with four integer bits; undefined where it is beyond what those can hold. */
export function fixedPointInput(value: number, from: Quantization): number | undefined {
  const { multiplier, shift } = quantizeMultiplier(from.scale * 2 ** (31 - INPUT_INTEGER_BITS), "tflm");
  const radius = Math.floor(((2 ** INPUT_INTEGER_BITS - 1) * 2 ** (31 - INPUT_INTEGER_BITS)) / 2 ** shift);
  const input = value - from.zeroPoint;
  if (input <= -radius || input >= radius) return undefined;
  return requantizeExactly(input, multiplier, shift, 0);
}
