import type { Node } from "./lowering.js";
import { int8View } from "./dense-layer.js";
import { at, constant, ints } from "./parameters.js";
import type { TfliteTensor } from "./tflite/tflite-model.js";

/** Axes that the device's COPY has. */
const RANK = 5;

/** A block to move: extents and steps of its axes, in elements. */
export interface Block {
  readonly input: TfliteTensor;
  /** Value that takes the block. */
  readonly target: number;
  readonly targetElements: number;
  readonly extents: readonly number[];
  readonly inSteps: readonly number[];
  readonly outSteps: readonly number[];
  readonly inStart?: number;
  readonly outStart?: number;
}

/** Emits the device's COPY for a block. Axes that run on in both tensors become one. */
export function copyBlock(node: Node, block: Block): void {
  const { input, target, targetElements, inStart = 0, outStart = 0 } = block;
  const axes = merged(block);
  if (axes.length > RANK) node.refuse(`it moves a block of ${axes.length} axes`);
  while (axes.length < RANK) axes.unshift({ extent: 1, inStep: 0, outStep: 0 });
  const source = input.data === undefined ? node.lowering.value(input) : undefined;
  node.emit({
    kernel: "COPY",
    reads: source === undefined ? [] : [source],
    writes: [target],
    parameters: [
      ...ints(...axes.map(({ extent }) => extent)),
      ...ints(...axes.map(({ inStep }) => inStep)),
      ...ints(...axes.map(({ outStep }) => outStep)),
      ...ints(inStart, outStart, source === undefined ? 1 : 0, input.elements),
      source === undefined ? constant(int8View(input.data!)) : at(source),
      ...ints(targetElements),
      at(target),
    ],
    outputs: block.extents.reduce((product, size) => product * size, 1),
  });
}

interface Axis {
  extent: number;
  inStep: number;
  outStep: number;
}

function merged({ extents, inSteps, outSteps }: Block): Axis[] {
  const axes: Axis[] = [];
  extents.forEach((extent, i) => {
    if (extent === 1) return;
    const axis = { extent, inStep: inSteps[i]!, outStep: outSteps[i]! };
    const before = axes.at(-1);
    if (before && before.inStep === extent * axis.inStep && before.outStep === extent * axis.outStep) {
      axes[axes.length - 1] = { ...axis, extent: before.extent * extent };
    } else axes.push(axis);
  });
  return axes;
}

/** Steps of the axes of a tensor, in elements. */
export function steps(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}
