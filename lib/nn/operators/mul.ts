import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer } from "../requantizer.js";

const ELEMENTS_PER_ROW = 256;

/**
 * out[i] = requantize((a[i] - zeroA) * (b[i] - zeroB)). May run in place.
 * Parameters: count, zero points of a and b, a, b, output, sums (scratch), requantizer of one channel.
 */
export const mul: Operator = {
  code: 10,
  prepare(context: OperatorContext): Kernel {
    const count = context.size();
    const zeroA = context.int();
    const zeroB = context.int();
    const a = context.arena(count);
    const b = context.arena(count);
    const output = context.arena(count);
    const sums = context.accumulators(Math.min(count, ELEMENTS_PER_ROW));
    const requantizer = readRequantizer(context, 1);

    function run(from: number, to: number): void {
      for (let row = from; row < to; row++) {
        const at = row * ELEMENTS_PER_ROW;
        const length = Math.min(ELEMENTS_PER_ROW, count - at);
        for (let i = 0; i < length; i++) sums[i] = (a[at + i]! - zeroA) * (b[at + i]! - zeroB);
        requantizer.run(requantizer, sums, 0, length, output, at);
      }
    }
    return { rows: Math.ceil(count / ELEMENTS_PER_ROW), run };
  },
};
