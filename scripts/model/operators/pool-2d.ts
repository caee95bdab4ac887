import type { Node, OperatorLowering } from "../lowering.js";
import { at, ints } from "../parameters.js";
import { activationRange, int8Quantization } from "../quantization.js";
import { windowGeometry, windowParameters } from "../window-geometry.js";

/** Pools keep scale and zero point. Source: tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h. */
function lowerPool(name: string): OperatorLowering {
  return {
    name,
    version: 3,
    lower(node: Node): void {
      const input = node.input(0);
      const output = node.output();
      const { options } = node.operator;
      const geometry = windowGeometry(node, input, output, {
        padding: options?.int8(0, 0) ?? 0,
        strideX: options?.int32(1, 0) ?? 0,
        strideY: options?.int32(2, 0) ?? 0,
        width: options?.int32(3, 0) ?? 0,
        height: options?.int32(4, 0) ?? 0,
        dilationX: 1,
        dilationY: 1,
      });
      if (output.shape[3] !== geometry.channels) node.refuse("its input and output differ in channels");
      const from = int8Quantization(node, input);
      const to = int8Quantization(node, output);
      if (from.scale !== to.scale || from.zeroPoint !== to.zeroPoint) node.refuse("it changes the scale");
      const { low, high } = activationRange(node, options?.int8(5, 0) ?? 0, to);
      const source = node.lowering.value(input);
      const target = node.lowering.value(output);
      node.emit({
        kernel: name,
        reads: [source],
        writes: [target],
        parameters: [...windowParameters(geometry), ...ints(low, high), at(source), at(target)],
        outputs: output.elements,
      });
    },
  };
}

export const lowerAveragePool2d = lowerPool("AVERAGE_POOL_2D");
export const lowerMaxPool2d = lowerPool("MAX_POOL_2D");
