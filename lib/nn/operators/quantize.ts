import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

const ELEMENTS_PER_ROW = 64;
const single = new Float32Array(1);

/**
 * Float32 to int8: round(in / scale) + zeroPoint, clamped; ties away from zero and the quotient rounded to single
 * precision, as tensorflow/lite/kernels/internal/reference/quantize.h has it. NaN becomes the zero point.
 * Parameters: count, zero point, input, output, scale.
 */
export const quantize: Operator = {
  code: 13,
  prepare(context: OperatorContext): Kernel {
    const count = context.size();
    const zeroPoint = context.int();
    const input = context.arenaFloats(count);
    const output = context.arena(count);
    const scale = context.float64(1)[0]!;

    function run(from: number, to: number): void {
      const end = Math.min(count, to * ELEMENTS_PER_ROW);
      for (let i = from * ELEMENTS_PER_ROW; i < end; i++) {
        single[0] = input[i]! / scale;
        const quotient = single[0]!;
        const rounded = quotient < 0 ? -Math.floor(0.5 - quotient) : Math.floor(quotient + 0.5);
        const value = rounded + zeroPoint;
        output[i] = value < -128 ? -128 : value > 127 ? 127 : value === value ? value : zeroPoint;
      }
    }
    return { rows: Math.ceil(count / ELEMENTS_PER_ROW), run };
  },
};
