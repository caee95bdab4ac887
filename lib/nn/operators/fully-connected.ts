import { readDenseRows, runDenseRows } from "../dense-rows.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

/** Outputs computed between two looks at the clock when the model is stepped: two passes of four rows. */
const UNITS_PER_ROW = 8;

/**
 * out[unit] = requantize(bias[unit] + sum over k of in[k] * weights[unit, k]). Several inputs at a time are a CONV_2D.
 * Parameters: depth, dense rows, input, output.
 */
export const fullyConnected: Operator = {
  code: 1,
  prepare(context: OperatorContext): Kernel {
    const dense = readDenseRows(context, context.size());
    const units = dense.units;
    const input = context.arena(dense.depth);
    const output = context.arena(units);

    function run(from: number, to: number): void {
      runDenseRows(dense, input, 0, output, 0, from * UNITS_PER_ROW, Math.min(units, to * UNITS_PER_ROW));
    }
    return { rows: Math.ceil(units / UNITS_PER_ROW), run };
  },
};
