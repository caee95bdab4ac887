import { copyBlock, steps } from "../copy-block.js";
import { int32Copy } from "../dense-layer.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { at, ints } from "../parameters.js";
import { sameQuantization } from "../quantization.js";

/** PAD with the zero point, by constant amounts: filled, then the input is put into the middle. */
export const lowerPad: OperatorLowering = {
  name: "PAD",
  version: 4,
  lower(node: Node): void {
    const input = node.input(0);
    const output = node.output();
    const { zeroPoint } = sameQuantization(node, input, output);
    const amounts = int32Copy(node.constantInput(1, "int32"));
    const rank = input.shape.length;
    if (amounts.length !== rank * 2 || amounts.some((amount) => amount < 0)) node.refuse("its paddings do not fit");
    const fits = output.shape.every((size, i) => size === input.shape[i]! + amounts[2 * i]! + amounts[2 * i + 1]!);
    if (!fits || output.shape.length !== rank) node.refuse(`its output is [${output.shape.join()}]`);
    const target = node.lowering.value(output);
    node.emit({
      kernel: "FILL",
      reads: [],
      writes: [target],
      parameters: [...ints(output.elements, zeroPoint), at(target)],
      outputs: output.elements,
    });
    const outSteps = steps(output.shape);
    copyBlock(node, {
      input,
      target,
      targetElements: output.elements,
      extents: input.shape,
      inSteps: steps(input.shape),
      outSteps,
      outStart: outSteps.reduce((sum, step, i) => sum + step * amounts[2 * i]!, 0),
    });
  },
};
