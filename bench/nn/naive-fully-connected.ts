import { readDenseRows } from "../../lib/nn/dense-rows.js";
import type { OperatorContext } from "../../lib/nn/operator-context.js";
import type { Kernel, Operator } from "../../lib/nn/operator.js";
import { requantizeOne } from "./naive-window.js";

/**
 * FULLY_CONNECTED as the reference kernels have it, from a pack whose channels all keep the exact integer form. The
 * offset that they add to an input is 128 here: the pack's biases make up for the difference.
 */
export const naiveFullyConnected: Operator = {
  code: 1,
  prepare(context: OperatorContext): Kernel {
    const dense = readDenseRows(context, context.size());
    const { depth, units, weights, bias, requantizer } = dense;
    const input = context.arena(depth);
    const output = context.arena(units);

    function run(): void {
      for (let unit = 0; unit < units; unit++) {
        let sum = 0;
        for (let d = 0; d < depth; d++) sum += (input[d]! + 128) * weights[unit * depth + d]!;
        output[unit] = requantizeOne(requantizer, sum + bias[unit]!, unit);
      }
    }
    return { rows: 1, run };
  },
};
