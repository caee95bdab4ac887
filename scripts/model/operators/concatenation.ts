import { copyBlock, steps } from "../copy-block.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { sameQuantization } from "../quantization.js";

/** CONCATENATION of tensors with one scale along an axis. */
export const lowerConcatenation: OperatorLowering = {
  name: "CONCATENATION",
  version: 3,
  lower(node: Node): void {
    const { options, inputs } = node.operator;
    const output = node.output();
    const rank = output.shape.length;
    const given = options?.int32(0, 0) ?? 0;
    const axis = given < 0 ? given + rank : given;
    if (!(axis >= 0 && axis < rank)) node.refuse(`it has no axis ${given}`);
    if ((options?.int8(1, 0) ?? 0) !== 0) node.refuse("its fused activation is not supported");
    const target = node.lowering.value(output);
    const outSteps = steps(output.shape);
    let from = 0;
    for (let i = 0; i < inputs.length; i++) {
      const input = node.input(i);
      sameQuantization(node, input, output);
      const fits = input.shape.every((size, k) => k === axis || size === output.shape[k]);
      if (!fits || input.shape.length !== rank) node.refuse(`input ${i} is [${input.shape.join()}]`);
      copyBlock(node, {
        input,
        target,
        targetElements: output.elements,
        extents: input.shape,
        inSteps: steps(input.shape),
        outSteps,
        outStart: from * outSteps[axis]!,
      });
      from += input.shape[axis]!;
    }
    if (from !== output.shape[axis]) node.refuse(`its inputs fill ${from} of ${output.shape[axis]}`);
  },
};
