import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { preparePool } from "../pool.js";

/** Mean under the window, rounded away from zero at the half. Parameters as in pool.ts. */
export const averagePool2d: Operator = {
  code: 7,
  prepare(context: OperatorContext): Kernel {
    return preparePool(context, mean);
  },
};

function mean(
  image: Int8Array,
  start: number,
  rows: number,
  columns: number,
  rowStep: number,
  columnStep: number,
): number {
  let sum = 0;
  for (let y = 0; y < rows; y++) {
    let p = start + y * rowStep;
    for (let x = 0; x < columns; x++) {
      sum += image[p]!;
      p += columnStep;
    }
  }
  const count = rows * columns;
  const half = count >> 1;
  return ((sum > 0 ? sum + half : sum - half) / count) | 0;
}
