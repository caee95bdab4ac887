import { copyBlock, steps } from "../copy-block.js";
import { int32Copy } from "../dense-layer.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { sameQuantization } from "../quantization.js";

/** STRIDED_SLICE with constant bounds: tensorflow/lite/kernels/internal/strided_slice_logic.h. */
export const lowerStridedSlice: OperatorLowering = {
  name: "STRIDED_SLICE",
  version: 8,
  lower(node: Node): void {
    const input = node.input(0);
    const output = node.output();
    sameQuantization(node, input, output);
    const [begin, end, strides] = [1, 2, 3].map((i) => int32Copy(node.constantInput(i, "int32")));
    const mask = (slot: number): number => node.operator.options?.int32(slot, 0) ?? 0;
    const [beginMask, endMask, shrinkMask] = [mask(0), mask(1), mask(4)];
    if (mask(2) !== 0 || mask(3) !== 0) node.refuse("its ellipsis or new axes are not supported");
    const rank = input.shape.length;
    if ([begin, end, strides].some((list) => list!.length !== rank)) node.refuse("its bounds do not fit its axes");
    const inSteps = steps(input.shape);
    let inStart = 0;
    const extents = input.shape.map((size, axis) => {
      const stride = strides![axis]!;
      if (stride === 0) node.refuse(`its stride along axis ${axis} is 0`);
      const shrink = (shrinkMask >> axis) & 1;
      const bound = (value: number): number => {
        const index = value < 0 ? value + size : value;
        return stride > 0 ? Math.max(0, Math.min(size, index)) : Math.max(-1, Math.min(size - 1, index));
      };
      const first = (beginMask >> axis) & 1 ? (stride > 0 ? 0 : size - 1) : bound(begin![axis]!);
      const last = (endMask >> axis) & 1 ? (stride > 0 ? size : -1) : bound(end![axis]!);
      inStart += first * inSteps[axis]!;
      return shrink ? 1 : Math.ceil((last - first) / stride);
    });
    if (extents.some((extent) => extent < 1)) node.refuse("it takes nothing");
    const count = extents.reduce((product, extent) => product * extent, 1);
    if (count !== output.elements) node.refuse(`it takes ${count} elements for an output of ${output.elements}`);
    copyBlock(node, {
      input,
      target: node.lowering.value(output),
      targetElements: output.elements,
      extents,
      inSteps: inSteps.map((step, axis) => step * ((shrinkMask >> axis) & 1 ? 1 : strides![axis]!)),
      outSteps: steps(extents),
      inStart,
    });
  },
};
