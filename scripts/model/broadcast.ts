import type { Node } from "./lowering.js";
import { copyBlock, steps } from "./copy-block.js";
import type { TfliteTensor } from "./tflite/tflite-model.js";

/**
 * The value of an operand, given the output's shape: a constant or a smaller tensor is first copied to a value of its
 * own, repeated along the axes it lacks.
 */
export function operand(node: Node, tensor: TfliteTensor, shape: readonly number[]): number {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (tensor.data === undefined && tensor.elements === elements) return node.lowering.value(tensor);
  const own = [...Array<number>(Math.max(0, shape.length - tensor.shape.length)).fill(1), ...tensor.shape];
  if (own.length !== shape.length || own.some((size, axis) => size !== 1 && size !== shape[axis])) {
    return node.refuse(`[${tensor.shape.join()}] cannot be stretched to [${shape.join()}]`);
  }
  const target = node.lowering.temporary(`${tensor.name} stretched`, elements);
  const inSteps = steps(own).map((step, axis) => (own[axis] === 1 ? 0 : step));
  copyBlock(node, { input: tensor, target, targetElements: elements, extents: shape, inSteps, outSteps: steps(shape) });
  return target;
}
