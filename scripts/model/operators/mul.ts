import { operand } from "../broadcast.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { at, ints, requantizer, scratch } from "../parameters.js";
import { activationRange, int8Quantization } from "../quantization.js";

const ELEMENTS_PER_ROW = 256;

/** MUL: tensorflow/lite/kernels/internal/reference/integer_ops/mul.h. */
export const lowerMul: OperatorLowering = {
  name: "MUL",
  version: 4,
  lower(node: Node): void {
    const a = node.input(0);
    const b = node.input(1);
    const output = node.output();
    const first = int8Quantization(node, a);
    const second = int8Quantization(node, b);
    const to = int8Quantization(node, output);
    const corners = [-128, 127].flatMap((x) => [-128, 127].map((y) => (x - first.zeroPoint) * (y - second.zeroPoint)));
    const requantization = node.lowering.requantization({
      factors: [(first.scale * second.scale) / to.scale],
      ranges: [{ least: Math.min(...corners), greatest: Math.max(...corners) }],
      zeroPoint: to.zeroPoint,
      ...activationRange(node, node.operator.options?.int8(0, 0) ?? 0, to),
    });
    const left = operand(node, a, output.shape);
    const right = operand(node, b, output.shape);
    const target = node.lowering.value(output);
    node.emit({
      kernel: "MUL",
      reads: [left, right],
      writes: [target],
      inPlace: left,
      parameters: [
        ...ints(output.elements, first.zeroPoint, second.zeroPoint),
        at(left),
        at(right),
        at(target),
        scratch(0),
        ...requantizer(requantization),
      ],
      scratchBytes: 4 * Math.min(output.elements, ELEMENTS_PER_ROW),
      outputs: output.elements,
    });
  },
};
