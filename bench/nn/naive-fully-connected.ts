import { readDenseRows } from "../../lib/nn/dense-rows.js";
import type { OperatorContext } from "../../lib/nn/operator-context.js";
import type { Kernel, Operator } from "../../lib/nn/operator.js";
import { requantizeOne } from "./naive-window.js";

/** FULLY_CONNECTED as the reference kernels have it, but for the input's zero point, which is folded into the bias. */
export const naiveFullyConnected: Operator = {
  code: 1,
  prepare(context: OperatorContext): Kernel {
    const batches = context.size();
    const stride = context.size();
    const dense = readDenseRows(context);
    const input = context.arena(batches * dense.depth);
    const output = context.arena((batches - 1) * stride + dense.units);

    function run(): void {
      for (let b = 0; b < batches; b++) {
        for (let unit = 0; unit < dense.units; unit++) {
          let sum = 0;
          for (let d = 0; d < dense.depth; d++) {
            sum += input[b * dense.depth + d]! * dense.weights[unit * dense.depth + d]!;
          }
          output[b * stride + unit] = requantizeOne(dense.requantizer, sum + dense.bias[unit]!, unit);
        }
      }
    }
    return { rows: 1, run };
  },
};
