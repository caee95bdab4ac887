import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer } from "../requantizer.js";

const ELEMENTS_PER_ROW = 256;

/**
 * int16 to int8 of another scale.
 * Parameters: count, zero point, input, output, sums (scratch), requantizer of one channel.
 */
export const requantize: Operator = {
  code: 15,
  prepare(context: OperatorContext): Kernel {
    const count = context.size();
    const zeroPoint = context.int();
    const input = context.arenaShorts(count);
    const output = context.arena(count);
    const sums = context.accumulators(Math.min(count, ELEMENTS_PER_ROW));
    const requantizer = readRequantizer(context, 1);

    function run(from: number, to: number): void {
      for (let row = from; row < to; row++) {
        const at = row * ELEMENTS_PER_ROW;
        const length = Math.min(ELEMENTS_PER_ROW, count - at);
        for (let i = 0; i < length; i++) sums[i] = input[at + i]! - zeroPoint;
        requantizer.run(requantizer, sums, 0, length, output, at);
      }
    }
    return { rows: Math.ceil(count / ELEMENTS_PER_ROW), run };
  },
};
