import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer } from "../requantizer.js";
import { createStridedSum, stridedSum } from "./strided-sum.js";

/** MEAN for Espruino: each sum is made natively. Parameters as for the loops form. */
export const mean: Operator = {
  code: 9,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native) return context.fail();
    const outer = context.size();
    const reduced = context.size();
    const inner = context.size();
    const start = context.int();
    const input = context.arena(outer * reduced * inner);
    const output = context.arena(outer * inner);
    const sums = context.accumulators(1);
    const requantizer = readRequantizer(context, 1);
    const positions = new Uint16Array(reduced);
    for (let r = 0; r < reduced; r++) positions[r] = r * inner;
    const sum = createStridedSum(positions);

    function run(from: number, to: number): void {
      for (let i = from; i < to; i++) {
        const c = i % inner;
        sums[0] = start + stridedSum(sum, native!, input, (i - c) * reduced + c);
        requantizer.run(requantizer, sums, 0, 1, output, i);
      }
    }
    return { rows: outer * inner, run };
  },
};
