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

function mean(image: Int8Array, start: number, rows: number, bytes: number, rowStep: number, step: number): number {
  const count = (rows * bytes) / step;
  let sum = 0;
  for (; rows > 0; rows--) {
    for (let p = start; p < start + bytes; p += step) sum += image[p]!;
    start += rowStep;
  }
  return ((sum + (sum > 0 ? count >> 1 : -(count >> 1))) / count) | 0;
}
