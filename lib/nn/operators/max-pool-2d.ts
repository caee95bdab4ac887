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

function greatest(image: Int8Array, start: number, rows: number, bytes: number, rowStep: number, step: number): number {
  let most = -128;
  for (; rows > 0; rows--) {
    for (let p = start; p < start + bytes; p += step) if (image[p]! > most) most = image[p]!;
    start += rowStep;
  }
  return most;
}
