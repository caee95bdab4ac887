import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { preparePool } from "../pool.js";

/** Greatest value under the window. Parameters as in pool.ts. */
export const maxPool2d: Operator = {
  code: 8,
  prepare(context: OperatorContext): Kernel {
    return preparePool(context, greatest);
  },
};

function greatest(
  image: Int8Array,
  start: number,
  rows: number,
  columns: number,
  rowStep: number,
  columnStep: number,
): number {
  let most = -128;
  for (let y = 0; y < rows; y++) {
    let p = start + y * rowStep;
    for (let x = 0; x < columns; x++) {
      if (image[p]! > most) most = image[p]!;
      p += columnStep;
    }
  }
  return most;
}
