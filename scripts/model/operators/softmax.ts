import { highMul } from "../../../lib/nn/high-mul.js";
import { expOnNegative } from "../fixed-point.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { at, constant, ints } from "../parameters.js";
import { int8Quantization } from "../quantization.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";

/** Integer bits of the scaled distance below the maximum. */
const INTEGER_BITS = 5;
/** The sum of exponentials has 12 integer bits. */
const GREATEST_DEPTH = 4096;

/**
 * SOFTMAX: the exponentials of all 256 distances below a row's maximum, as
 * tensorflow/lite/kernels/internal/reference/softmax.h computes them. XNNPACK leaves int8 to that kernel.
 */
export const lowerSoftmax: OperatorLowering = {
  name: "SOFTMAX",
  version: 3,
  lower(node: Node): void {
    const input = node.input(0);
    const output = node.output();
    const { scale } = int8Quantization(node, input);
    const to = int8Quantization(node, output);
    if (to.scale !== 1 / 256 || to.zeroPoint !== -128) node.refuse("its output is not of scale 1/256, zero point -128");
    const depth = input.shape.at(-1);
    if (depth === undefined || input.elements !== output.elements) return node.refuse("its shapes do not fit");
    if (depth > GREATEST_DEPTH) node.refuse(`its ${depth} classes are more than ${GREATEST_DEPTH}`);
    const beta = node.operator.options?.float32(0, 0) ?? 1;
    if (!(beta > 0)) node.refuse(`its beta is ${beta}`);
    const rows = input.elements / depth;
    const source = node.lowering.value(input);
    const target = node.lowering.value(output);
    node.emit({
      kernel: "SOFTMAX",
      reads: [source],
      writes: [target],
      inPlace: source,
      parameters: [...ints(rows, depth), at(source), at(target), constant(exponentials(beta * scale))],
      outputs: input.elements,
    });
  },
};

/** exp(-distance * scale) for the distances 0 to 255, with 31 fractional bits; 0 where the reference takes it for 0. */
export function exponentials(scale: number): Int32Array {
  const real = Math.min(scale * 2 ** (31 - INTEGER_BITS), 2147483647);
  const { multiplier, shift } = quantizeMultiplier(real, "tflm");
  const radius = Math.floor(((2 ** INTEGER_BITS - 1) * 2 ** (31 - INTEGER_BITS)) / 2 ** shift);
  return Int32Array.from({ length: 256 }, (_, distance) => {
    if (distance > radius) return 0;
    return expOnNegative(highMul(-distance * 2 ** shift, multiplier), INTEGER_BITS);
  });
}
