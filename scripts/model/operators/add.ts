import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import { operand } from "../broadcast.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { emitNativeAdd } from "../native/add.js";
import { at, constant, int, requantizer, scratch } from "../parameters.js";
import { activationRange, int8Quantization, type Quantization } from "../quantization.js";
import { quantizeMultiplier, type QuantizedMultiplier } from "../requantize/quantize-multiplier.js";
import type { Rounding } from "../rounding.js";
import { xnnpackSum } from "../xnnpack/sum.js";

/** Bits by which operands are made finer before they are brought to one scale. */
const LEFT_SHIFT = 20;
const ELEMENTS_PER_ROW = 256;

/**
 * ADD and SUB: both operands, on one scale, as tables; their sum is requantized.
 * Source: tensorflow/lite/kernels/internal/reference/integer_ops/add.h; XNNPACK has multipliers of its own.
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
      const { first, second, ...factor } = summands(from[0], from[1], to, rounding, sign);
      const range = activationRange(node, node.operator.options?.int8(0, 0) ?? 0, to);
      const left = operand(node, a, output.shape);
      const right = operand(node, b, output.shape);
      const target = node.lowering.value(output);
      const { multiplier, shift } = factor.quantized?.[0] ?? quantizeMultiplier(factor.factors[0]!, factor.rounding);
      const single = factor.rounding === "xnnpack" ? 1 : 0;
      const exactly = (i: number, k: number): number =>
        requantizeExactly(first[i & 255]! + second[k & 255]!, multiplier, shift, single) + to.zeroPoint;
      const native = emitNativeAdd(node, left, right, target, output.elements, {
        output: (i, k) => Math.max(range.low, Math.min(range.high, exactly(i, k))),
        factors: [from[0].scale / to.scale, (sign * from[1].scale) / to.scale],
        ...range,
      });
      if (native) return;
      const requantization = node.lowering.requantization({
        ...factor,
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

/** What every value of both operands adds to a sum, and how the sum is requantized. */
interface Summands {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly factors: readonly number[];
  readonly quantized?: readonly QuantizedMultiplier[];
  readonly rounding: Rounding;
}

function summands(a: Quantization, b: Quantization, to: Quantization, rounding: Rounding, sign: 1 | -1): Summands {
  const sum = rounding === "xnnpack" ? xnnpackSum(a, b, to, sign) : undefined;
  if (sum !== undefined) {
    const [first, second] = sum.multipliers;
    return {
      first: operandTable(a, (value) => value * first),
      second: operandTable(b, (value) => value * second),
      factors: [],
      quantized: [sum.factor],
      rounding,
    };
  }
  // What XNNPACK does not take runs in TensorFlow Lite's own kernel.
  const common = 2 * Math.max(a.scale, b.scale);
  return {
    first: rescaled(a, common, 1),
    second: rescaled(b, common, sign),
    factors: [common / (2 ** LEFT_SHIFT * to.scale)],
    rounding: "tflm",
  };
}

function rescaled(from: Quantization, common: number, sign: 1 | -1): Int32Array {
  const { multiplier, shift } = quantizeMultiplier(from.scale / common, "tflm");
  return operandTable(from, (value) => sign * requantizeExactly(value * 2 ** LEFT_SHIFT, multiplier, shift, 0));
}

/** A number for each int8, given less its zero point. */
function operandTable({ zeroPoint }: Quantization, entry: (value: number) => number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => entry(((byte << 24) >> 24) - zeroPoint));
}

export const lowerAdd = lowerSum("ADD", 4, 1);
export const lowerSub = lowerSum("SUB", 5, -1);
