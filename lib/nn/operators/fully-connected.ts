import { readDenseRows, runDenseRows } from "../dense-rows.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

/** Outputs computed between two looks at the clock when the model is stepped: a multiple of the four rows of a pass. */
const UNITS_PER_ROW = 8;

/**
 * out[n, unit] = requantize(bias[unit] + sum over k of in[n, k] * weights[unit, k]).
 * Parameters: batches, output stride, input, output, dense rows.
 */
export const fullyConnected: Operator = {
  code: 1,
  prepare(context: OperatorContext): Kernel {
    const batches = context.size();
    const stride = context.size();
    const dense = readDenseRows(context);
    const depth = dense.depth;
    const units = dense.units;
    const input = context.arena(batches * depth);
    const output = context.arena((batches - 1) * stride + units);
    const perBatch = Math.ceil(units / UNITS_PER_ROW);

    function run(from: number, to: number): void {
      for (let row = from; row < to; row++) {
        const batch = (row / perBatch) | 0;
        const first = (row - batch * perBatch) * UNITS_PER_ROW;
        const last = Math.min(units, first + UNITS_PER_ROW);
        runDenseRows(dense, input, batch * depth, output, batch * stride, first, last);
      }
    }
    return { rows: batches * perBatch, run };
  },
};
