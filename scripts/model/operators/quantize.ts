import { requantizeExactly } from "../../../lib/nn/operators/exact-requantize.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { at, constant, ints, requantizer, scratch } from "../parameters.js";
import { int8Quantization, perTensor } from "../quantization.js";
import { quantizeMultiplier } from "../requantize/quantize-multiplier.js";
import { lowerTable } from "../table-operator.js";
import { isXnnpackFactor, xnnpackRescale } from "../xnnpack/rescale.js";

const ELEMENTS_PER_ROW = 256;

/**
 * QUANTIZE from float32, from int16, or from int8 of another scale (a table).
 * Source: tensorflow/lite/kernels/internal/reference/quantize.h and requantize.h; XNNPACK has an arithmetic of its own for
 * int8, and leaves int16 and what does not fit to those.
 */
export const lowerQuantize: OperatorLowering = {
  name: "QUANTIZE",
  version: 2,
  lower(node: Node): void {
    const input = node.input(0);
    const output = node.output();
    const to = int8Quantization(node, output);
    if (input.elements !== output.elements) node.refuse("its input and output differ in size");
    if (input.type === "float32") {
      const source = node.lowering.value(input);
      const target = node.lowering.value(output);
      node.emit({
        kernel: "QUANTIZE",
        reads: [source],
        writes: [target],
        parameters: [
          ...ints(input.elements, to.zeroPoint),
          at(source),
          at(target),
          constant(Float64Array.of(to.scale)),
        ],
        outputs: input.elements,
      });
      return;
    }
    if (input.type === "int16") {
      const from = perTensor(node, input);
      const requantization = node.lowering.requantization({
        factors: [Math.fround(from.scale / to.scale)],
        ranges: [{ least: -32768 - from.zeroPoint, greatest: 32767 - from.zeroPoint }],
        zeroPoint: to.zeroPoint,
        low: -128,
        high: 127,
        rounding: "tflm",
      });
      const source = node.lowering.value(input);
      const target = node.lowering.value(output);
      node.emit({
        kernel: "REQUANTIZE",
        reads: [source],
        writes: [target],
        parameters: [
          ...ints(input.elements, from.zeroPoint),
          at(source),
          at(target),
          scratch(0),
          ...requantizer(requantization),
        ],
        scratchBytes: 4 * Math.min(input.elements, ELEMENTS_PER_ROW),
        outputs: input.elements,
      });
      return;
    }
    const isXnnpack = node.lowering.options.rounding === "xnnpack";
    lowerTable(node, (value, from) => {
      const factor = Math.fround(from.scale / to.scale);
      if (isXnnpack && isXnnpackFactor(factor)) return xnnpackRescale(value - from.zeroPoint, factor) + to.zeroPoint;
      const { multiplier, shift } = quantizeMultiplier(factor, "tflm");
      return requantizeExactly(value - from.zeroPoint, multiplier, shift, 0) + to.zeroPoint;
    });
  },
};
