import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer } from "../requantizer.js";

const ELEMENTS_PER_ROW = 256;

/**
 * out[i] = requantize(first[a[i]] + second[b[i]]): the tables hold both operands on one fine scale, so that ADD and SUB
 * are the same operator. May run in place.
 * Parameters: count, a, b, output, both tables (indexed by unsigned bytes), sums (scratch), requantizer of one channel.
 */
export const add: Operator = {
  code: 6,
  prepare(context: OperatorContext): Kernel {
    const count = context.size();
    const a = context.arena(count);
    const b = context.arena(count);
    const output = context.arena(count);
    const first = context.int32(256);
    const second = context.int32(256);
    const sums = context.accumulators(Math.min(count, ELEMENTS_PER_ROW));
    const requantizer = readRequantizer(context, 1);

    function run(from: number, to: number): void {
      for (let row = from; row < to; row++) {
        const at = row * ELEMENTS_PER_ROW;
        const length = Math.min(ELEMENTS_PER_ROW, count - at);
        for (let i = 0; i < length; i++) sums[i] = first[a[at + i]! & 255]! + second[b[at + i]! & 255]!;
        requantizer.run(requantizer, sums, 0, length, output, at);
      }
    }
    return { rows: Math.ceil(count / ELEMENTS_PER_ROW), run };
  },
};
