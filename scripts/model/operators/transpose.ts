import { copyBlock, steps } from "../copy-block.js";
import { int32Copy } from "../dense-layer.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { sameQuantization } from "../quantization.js";

/** TRANSPOSE by a constant permutation. */
export const lowerTranspose: OperatorLowering = {
  name: "TRANSPOSE",
  version: 6,
  lower(node: Node): void {
    const input = node.input(0);
    const output = node.output();
    sameQuantization(node, input, output);
    const order = Array.from(int32Copy(node.constantInput(1, "int32")));
    const rank = input.shape.length;
    const axes = order.map((axis) => (axis < 0 ? axis + rank : axis));
    if (axes.length !== rank || new Set(axes).size !== rank || axes.some((axis) => !(axis >= 0 && axis < rank))) {
      node.refuse(`[${order.join()}] is no order of ${rank} axes`);
    }
    const extents = axes.map((axis) => input.shape[axis]!);
    if (extents.join() !== output.shape.join()) node.refuse(`its output is [${output.shape.join()}]`);
    const inSteps = steps(input.shape);
    copyBlock(node, {
      input,
      target: node.lowering.value(output),
      targetElements: output.elements,
      extents,
      inSteps: axes.map((axis) => inSteps[axis]!),
      outSteps: steps(extents),
    });
  },
};
