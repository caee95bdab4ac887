import { roundingDivideByPowerOfTwo } from "../../../lib/nn/high-mul.js";
import { tanhOf } from "../fixed-point.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { roundAwayFromZero } from "../quantization.js";
import { lowerTable } from "../table-operator.js";
import { fixedPointInput, INPUT_INTEGER_BITS } from "./logistic.js";

/**
 * TANH. The reference (tensorflow/lite/kernels/internal/reference/integer_ops/tanh.h) computes in fixed point; XNNPACK
 * rounds the real function.
 */
export const lowerTanh: OperatorLowering = {
  name: "TANH",
  version: 3,
  lower(node: Node): void {
    const { rounding } = node.lowering.options;
    lowerTable(node, (value, from, to) => {
      if (to.scale !== 1 / 128 || to.zeroPoint !== 0) node.refuse("its output is not of scale 1/128, zero point 0");
      if (rounding === "xnnpack") {
        return roundAwayFromZero(Math.fround(128 * Math.tanh(Math.fround(from.scale * (value - from.zeroPoint)))));
      }
      const scaled = fixedPointInput(value, from);
      if (scaled === undefined) return value < from.zeroPoint ? -128 : 127;
      return roundingDivideByPowerOfTwo(tanhOf(scaled, INPUT_INTEGER_BITS), 31 - 7);
    });
  },
};
