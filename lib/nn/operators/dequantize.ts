import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

const ELEMENTS_PER_ROW = 64;

/**
 * int8 to float32: scale * (in - zeroPoint).
 * Parameters: count, zero point, input, output, scale.
 */
export const dequantize: Operator = {
  code: 14,
  prepare(context: OperatorContext): Kernel {
    const count = context.size();
    const zeroPoint = context.int();
    const input = context.arena(count);
    const output = context.arenaFloats(count);
    const scale = context.float64(1)[0]!;

    function run(from: number, to: number): void {
      const end = Math.min(count, to * ELEMENTS_PER_ROW);
      for (let i = from * ELEMENTS_PER_ROW; i < end; i++) output[i] = scale * (input[i]! - zeroPoint);
    }
    return { rows: Math.ceil(count / ELEMENTS_PER_ROW), run };
  },
};
