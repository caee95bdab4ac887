import { int32Copy } from "../dense-layer.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { at, ints, requantizer, scratch } from "../parameters.js";
import { int8Quantization } from "../quantization.js";
import type { Requantization } from "../requantize/requantization.js";
import type { TfliteTensor } from "../tflite/tflite-model.js";
import { quantizeMultiplier, type QuantizedMultiplier } from "../requantize/quantize-multiplier.js";

/**
 * MEAN over neighbouring axes, the division folded into the requantization as the reference does.
 * Source: tensorflow/lite/kernels/internal/reference/reduce.h, QuantizedMeanOrSum.
 */
export const lowerMean: OperatorLowering = {
  name: "MEAN",
  version: 3,
  lower(node: Node): void {
    const input = node.input(0);
    const output = node.output();
    const from = int8Quantization(node, input);
    const to = int8Quantization(node, output);
    const { outer, reduced, inner } = reducedAxes(node, input.shape, int32Copy(node.constantInput(1, "int32")));
    if (outer * inner !== output.elements) node.refuse("its output does not have the shape that is left");
    const { rounding } = node.lowering.options;
    const factor = divided(quantizeMultiplier(from.scale / to.scale, rounding), reduced);
    const requantization = node.lowering.requantization({
      factors: [],
      quantized: [factor],
      ranges: [{ least: reduced * (-128 - from.zeroPoint), greatest: reduced * (127 - from.zeroPoint) }],
      zeroPoint: to.zeroPoint,
      low: -128,
      high: 127,
    });
    emitMean(node, input, output, { outer, reduced, inner }, -reduced * from.zeroPoint, requantization);
  },
};

/** The shape of a tensor as [before the reduced axes, reduced, after them]. */
type Extents = Record<"outer" | "reduced" | "inner", number>;

/** Emits requantized sums over the middle of three axes; they begin at `start`. */
export function emitMean(
  node: Node,
  input: TfliteTensor,
  output: TfliteTensor,
  { outer, reduced, inner }: Extents,
  start: number,
  requantization: Requantization,
): void {
  const source = node.lowering.value(input);
  const target = node.lowering.value(output);
  node.emit({
    kernel: "MEAN",
    reads: [source],
    writes: [target],
    parameters: [
      ...ints(outer, reduced, inner, start),
      at(source),
      at(target),
      scratch(0),
      ...requantizer(requantization),
    ],
    scratchBytes: 4,
    outputs: output.elements,
  });
}

function reducedAxes(node: Node, shape: readonly number[], axes: Int32Array): Extents {
  const rank = shape.length;
  const wanted = new Set(Array.from(axes, (axis) => (axis < 0 ? axis + rank : axis)));
  for (const axis of wanted) if (!(axis >= 0 && axis < rank)) node.refuse(`it has no axis ${axis}`);
  // Axes of extent 1 may be counted among the reduced ones or not.
  const first = shape.findIndex((size, axis) => wanted.has(axis) && size > 1);
  const last = shape.findLastIndex((size, axis) => wanted.has(axis) && size > 1);
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  if (first < 0) return { outer: 1, reduced: 1, inner: product(shape) };
  for (let axis = first; axis <= last; axis++) {
    if (!wanted.has(axis) && shape[axis] !== 1) node.refuse("its axes are not next to each other");
  }
  return {
    outer: product(shape.slice(0, first)),
    reduced: product(shape.slice(first, last + 1)),
    inner: product(shape.slice(last + 1)),
  };
}

/** A multiplier divided by a count, keeping as many bits as fit. */
function divided({ multiplier, shift }: QuantizedMultiplier, count: number): QuantizedMultiplier {
  const bits = Math.min(Math.floor(Math.log2(count)), 32, 31 + shift);
  return { multiplier: Number((BigInt(multiplier) << BigInt(bits)) / BigInt(count)), shift: shift - bits };
}
