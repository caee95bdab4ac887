import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

/** Axes of a block. Fewer are filled up with extent 1. */
const RANK = 5;

/**
 * Moves a block of up to five axes from anywhere in one tensor to anywhere in another: TRANSPOSE, STRIDED_SLICE, PAD,
 * CONCATENATION, broadcasting (a step of 0).
 * Parameters: five extents, five input steps, five output steps, first input element, first output element, whether
 * the input is a constant of the pack, elements of the input and the input, elements of the output and the output.
 */
export const copy: Operator = {
  code: 11,
  prepare(context: OperatorContext): Kernel {
    const extents = numbers(context);
    const inSteps = numbers(context);
    const outSteps = numbers(context);
    const inStart = context.int();
    const outStart = context.int();
    const constant = context.int();
    const inCount = context.size();
    const input = constant ? context.int8(inCount) : context.arena(inCount);
    const outCount = context.size();
    const output = context.arena(outCount);
    if (!fits(extents, inSteps, inStart, inCount) || !fits(extents, outSteps, outStart, outCount)) context.fail();
    let rows = 1;
    for (let axis = 0; axis < RANK - 1; axis++) rows *= extents[axis]!;
    // Every element of the output is written at most once: more would be a loop without end.
    if (rows * extents[RANK - 1]! > outCount) context.fail();

    function run(from: number, to: number): void {
      for (let row = from; row < to; row++) {
        let p = inStart;
        let q = outStart;
        let rest = row;
        for (let axis = RANK - 2; axis >= 0; axis--) {
          const extent = extents[axis]!;
          const index = rest % extent;
          rest = (rest - index) / extent;
          p += index * inSteps[axis]!;
          q += index * outSteps[axis]!;
        }
        for (let i = extents[RANK - 1]!; i > 0; i--) {
          output[q] = input[p]!;
          p += inSteps[RANK - 1]!;
          q += outSteps[RANK - 1]!;
        }
      }
    }
    return { rows, run };
  },
};

function numbers(context: OperatorContext): Int32Array {
  const list = new Int32Array(RANK);
  for (let i = 0; i < RANK; i++) list[i] = context.int();
  return list;
}

/** True where every element of the block lies within a tensor. */
function fits(extents: Int32Array, steps: Int32Array, start: number, count: number): boolean {
  let least = start;
  let most = start;
  for (let axis = 0; axis < RANK; axis++) {
    if (extents[axis]! < 1) return false;
    const reach = (extents[axis]! - 1) * steps[axis]!;
    if (reach < 0) least += reach;
    else most += reach;
  }
  return least >= 0 && most < count;
}
