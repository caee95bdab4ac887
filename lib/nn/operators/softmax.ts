import { highMul } from "../high-mul.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { reciprocal } from "../reciprocal.js";

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
      for (let start = from * depth; start < to * depth; start += depth) {
        const end = start + depth;
        let greatest = -128;
        for (let i = start; i < end; i++) greatest = Math.max(greatest, input[i]!);
        // 12 integer bits leave room for 4,096 classes.
        let sum = 0;
        for (let i = start; i < end; i++) sum += (exponentials[greatest - input[i]!]! + 2048) >>> 12;
        let unit = 34359738368;
        while (sum < 2147483648) {
          sum *= 2;
          unit /= 2;
        }
        const scale = reciprocal(sum);
        for (let i = start; i < end; i++) {
          const value = Math.floor(highMul(scale, exponentials[greatest - input[i]!]!) / unit + 0.5);
          output[i] = value > 255 ? 127 : value - 128;
        }
      }
    }
    return { rows, run };
  },
};
