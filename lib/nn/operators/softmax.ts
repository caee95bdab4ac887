import { highMul, roundingDivideByPowerOfTwo } from "../high-mul.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { oneOverOnePlus } from "../reciprocal.js";

/**
 * Softmax over the last axis, output scale 1/256 and zero point -128, in TensorFlow Lite's fixed-point arithmetic:
 * tensorflow/lite/kernels/internal/reference/softmax.h. May run in place.
 * Parameters: rows, depth, input, output, exponentials (31 fractional bits) of the distance below the row's maximum.
 */
export const softmax: Operator = {
  code: 5,
  prepare(context: OperatorContext): Kernel {
    const rows = context.size();
    const depth = context.size();
    const input = context.arena(rows * depth);
    const output = context.arena(rows * depth);
    const exponentials = context.int32(256);

    function run(from: number, to: number): void {
      for (let row = from; row < to; row++) {
        const start = row * depth;
        const end = start + depth;
        let greatest = -128;
        for (let i = start; i < end; i++) if (input[i]! > greatest) greatest = input[i]!;
        // 12 integer bits leave room for 4,096 classes.
        let sum = 0;
        for (let i = start; i < end; i++) sum += (exponentials[greatest - input[i]!]! + 2048) >>> 12;
        let headroom = 0;
        let shifted = sum;
        while (shifted < 2147483648) {
          shifted *= 2;
          headroom++;
        }
        const scale = oneOverOnePlus(shifted - 2147483648);
        const shift = 35 - headroom;
        for (let i = start; i < end; i++) {
          const value = roundingDivideByPowerOfTwo(highMul(scale, exponentials[greatest - input[i]!]!), shift);
          output[i] = value > 255 ? 127 : value - 128;
        }
      }
    }
    return { rows, run };
  },
};
