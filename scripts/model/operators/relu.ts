import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { roundAwayFromZero, type Quantization } from "../quantization.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";
import { lowerTable } from "../table-operator.js";

/** Least and greatest real output of a clamping activation. */
interface Clamp {
  readonly least: number;
  readonly greatest: number;
}

/**
 * RELU, RELU6 and RELU_N1_TO_1 as operators of their own: rescaled, then clamped. XNNPACK leaves a change of scale to
 * TensorFlow Lite's own kernel, so both roundings are one here.
 * Source: tensorflow/lite/micro/kernels/activations_common.cc, ReluQuantized.
 */
function lowerClamp(name: string, clamp: Clamp): OperatorLowering {
  return {
    name,
    version: 3,
    lower(node: Node): void {
      lowerTable(node, (value, from: Quantization, to: Quantization) => {
        const { multiplier, shift } = quantizeMultiplier(Math.fround(from.scale / to.scale), "tflm");
        const rescaled = to.zeroPoint + requantizeExactly(value - from.zeroPoint, multiplier, shift, 0);
        const bound = (real: number): number => to.zeroPoint + roundAwayFromZero(Math.fround(real / to.scale));
        return Math.min(bound(clamp.greatest), Math.max(bound(clamp.least), rescaled));
      });
    },
  };
}

export const lowerRelu = lowerClamp("RELU", { least: 0, greatest: Infinity });
export const lowerRelu6 = lowerClamp("RELU6", { least: 0, greatest: 6 });
export const lowerReluN1To1 = lowerClamp("RELU_N1_TO_1", { least: -1, greatest: 1 });
