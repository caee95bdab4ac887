import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer, requantizeRow } from "../requantizer.js";

/**
 * out[a, c] = requantize(start + sum over r of in[a, r, c]): MEAN and SUM over neighbouring axes.
 * Parameters: extents of a, r and c, start of the sums, input, output, sums (scratch), requantizer of one channel.
 */
export const mean: Operator = {
  code: 9,
  prepare(context: OperatorContext): Kernel {
    const outer = context.size();
    const reduced = context.size();
    const inner = context.size();
    const start = context.int();
    const input = context.arena(outer * reduced * inner);
    const output = context.arena(outer * inner);
    const sums = context.accumulators(inner);
    const requantizer = readRequantizer(context, 1);

    function run(from: number, to: number): void {
      for (let a = from; a < to; a++) {
        const base = a * reduced * inner;
        for (let c = 0; c < inner; c++) {
          let sum = start;
          let p = base + c;
          for (let r = reduced; r > 0; r--) {
            sum += input[p]!;
            p += inner;
          }
          sums[c] = sum;
        }
        requantizeRow(requantizer, sums, 0, inner, output, a * inner);
      }
    }
    return { rows: outer, run };
  },
};
