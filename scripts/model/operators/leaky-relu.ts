import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";
import { lowerTable } from "../table-operator.js";
import { isXnnpackFactor, xnnpackRescale } from "../xnnpack/rescale.js";

/**
 * LEAKY_RELU: tensorflow/lite/kernels/internal/reference/leaky_relu.h, QuantizeLeakyRelu. XNNPACK has an arithmetic of its
 * own, and leaves what does not fit it to that kernel.
 */
export const lowerLeakyRelu: OperatorLowering = {
  name: "LEAKY_RELU",
  version: 2,
  lower(node: Node): void {
    const isXnnpack = node.lowering.options.rounding === "xnnpack";
    const alpha = node.operator.options?.float32(0, 0) ?? 0;
    lowerTable(node, (value, from, to) => {
      const input = value - from.zeroPoint;
      // The reference divides in single precision.
      const identity = Math.fround(from.scale / to.scale);
      const slope = Math.fround(Math.fround(from.scale * alpha) / to.scale);
      if (isXnnpack && isXnnpackFactor(identity) && isXnnpackFactor(Math.abs(slope))) {
        return to.zeroPoint + xnnpackRescale(input, input >= 0 ? identity : Math.fround(identity * alpha));
      }
      const { multiplier, shift } = quantizeMultiplier(input >= 0 ? identity : Math.abs(slope), "tflm");
      const sign = input < 0 && slope < 0 ? -1 : 1;
      return to.zeroPoint + requantizeExactly(sign * input, multiplier, shift, 0);
    });
  },
};
