import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import { operand } from "../broadcast.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { emitNativeAdd } from "../native/add.js";
import { at, constant, int, requantizer, scratch } from "../parameters.js";
import { activationRange, int8Quantization, type Quantization } from "../quantization.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";
import type { Rounding } from "../rounding.js";

/** Bits by which operands are made finer before they are brought to one scale. */
const LEFT_SHIFT = 20;
const ELEMENTS_PER_ROW = 256;

/**
 * ADD and SUB: both operands, on one scale, as tables; their sum is requantized.
 * Source: tensorflow/lite/kernels/internal/reference/integer_ops/add.h.
 */
function lowerSum(name: string, version: number, sign: 1 | -1): OperatorLowering {
  return {
    name,
    version,
    lower(node: Node): void {
      const a = node.input(0);
      const b = node.input(1);
      const output = node.output();
      const from = [int8Quantization(node, a), int8Quantization(node, b)] as const;
      const to = int8Quantization(node, output);
      const { rounding } = node.lowering.options;
      const common = 2 * Math.max(from[0].scale, from[1].scale);
      const first = rescaled(from[0], common, rounding, 1);
      const second = rescaled(from[1], common, rounding, sign);
      const range = activationRange(node, node.operator.options?.int8(0, 0) ?? 0, to);
      const factor = common / (2 ** LEFT_SHIFT * to.scale);
      const left = operand(node, a, output.shape);
      const right = operand(node, b, output.shape);
      const target = node.lowering.value(output);
      const { multiplier, shift } = quantizeMultiplier(factor, rounding);
      const sum = (i: number, k: number): number => first[i & 255]! + second[k & 255]!;
      const exactly = (i: number, k: number): number =>
        requantizeExactly(sum(i, k), multiplier, shift, rounding === "xnnpack" ? 1 : 0) + to.zeroPoint;
      const native = emitNativeAdd(node, left, right, target, output.elements, {
        output: (i, k) => Math.max(range.low, Math.min(range.high, exactly(i, k))),
        factors: [from[0].scale / to.scale, (sign * from[1].scale) / to.scale],
        ...range,
      });
      if (native) return;
      const requantization = node.lowering.requantization({
        factors: [factor],
        ranges: [
          {
            least: Math.min(...first) + Math.min(...second),
            greatest: Math.max(...first) + Math.max(...second),
          },
        ],
        zeroPoint: to.zeroPoint,
        ...range,
      });
      node.emit({
        kernel: "ADD",
        reads: [left, right],
        writes: [target],
        inPlace: left,
        parameters: [
          int(output.elements),
          at(left),
          at(right),
          at(target),
          constant(first),
          constant(second),
          scratch(0),
          ...requantizer(requantization),
        ],
        scratchBytes: 4 * Math.min(output.elements, ELEMENTS_PER_ROW),
        outputs: output.elements,
      });
    },
  };
}

function rescaled(from: Quantization, common: number, rounding: Rounding, sign: 1 | -1): Int32Array {
  const { multiplier, shift } = quantizeMultiplier(from.scale / common, rounding);
  const single = rounding === "xnnpack" ? 1 : 0;
  return Int32Array.from({ length: 256 }, (_, byte) => {
    const value = ((byte << 24) >> 24) - from.zeroPoint;
    return sign * requantizeExactly(value * 2 ** LEFT_SHIFT, multiplier, shift, single);
  });
}

export const lowerAdd = lowerSum("ADD", 4, 1);
export const lowerSub = lowerSum("SUB", 5, -1);
