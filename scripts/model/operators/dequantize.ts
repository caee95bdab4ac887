import type { Node, OperatorLowering } from "../lowering.js";
import { at, constant, ints } from "../parameters.js";
import { int8Quantization } from "../quantization.js";

/** DEQUANTIZE to float32: tensorflow/lite/kernels/internal/reference/dequantize.h. */
export const lowerDequantize: OperatorLowering = {
  name: "DEQUANTIZE",
  version: 2,
  lower(node: Node): void {
    const input = node.input(0);
    const output = node.output();
    const { scale, zeroPoint } = int8Quantization(node, input);
    if (output.type !== "float32") node.refuse(`its output is ${output.type}`);
    if (input.elements !== output.elements) node.refuse("its input and output differ in size");
    const source = node.lowering.value(input);
    const target = node.lowering.value(output);
    node.emit({
      kernel: "DEQUANTIZE",
      reads: [source],
      writes: [target],
      parameters: [...ints(input.elements, zeroPoint), at(source), at(target), constant(Float64Array.of(scale))],
      outputs: input.elements,
    });
  },
};
