import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer } from "../requantizer.js";

/**
 * out[a, c] = requantize(start + sum over r of in[a, r, c]): MEAN and SUM over neighbouring axes, and a pool
 * that is a mean of the whole image.
 * Parameters: extents of a, r and c, start of the sums, input, output, sum (scratch), requantizer of one channel.
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
    const sums = context.accumulators(1);
    const requantizer = readRequantizer(context, 1);

    function run(from: number, to: number): void {
      for (let i = from; i < to; i++) {
        const c = i % inner;
        let sum = start;
        let p = (i - c) * reduced + c;
        for (let r = reduced; r > 0; r--) {
          sum += input[p]!;
          p += inner;
        }
        sums[0] = sum;
        requantizer.run(requantizer, sums, 0, 1, output, i);
      }
    }
    return { rows: outer * inner, run };
  },
};
