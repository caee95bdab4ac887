import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";
import { lowerTable } from "../table-operator.js";

/** LEAKY_RELU: tensorflow/lite/kernels/internal/reference/leaky_relu.h, QuantizeLeakyRelu. */
export const lowerLeakyRelu: OperatorLowering = {
  name: "LEAKY_RELU",
  version: 2,
  lower(node: Node): void {
    const { rounding } = node.lowering.options;
    const single = rounding === "xnnpack" ? 1 : 0;
    const alpha = node.operator.options?.float32(0, 0) ?? 0;
    lowerTable(node, (value, from, to) => {
      const input = value - from.zeroPoint;
      // The reference divides in single precision.
      const identity = Math.fround(from.scale / to.scale);
      const slope = Math.fround(Math.fround(from.scale * alpha) / to.scale);
      const { multiplier, shift } = quantizeMultiplier(input >= 0 ? identity : Math.abs(slope), rounding);
      const sign = input < 0 && slope < 0 ? -1 : 1;
      return to.zeroPoint + requantizeExactly(sign * input, multiplier, shift, single);
    });
  },
};
