import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

const ELEMENTS_PER_ROW = 256;

/**
 * out[i] = table[in[i]]: every function of one int8 value (RELU, RELU6, LOGISTIC, TANH, HARD_SWISH, LEAKY_RELU, a
 * change of scale), computed by the compiler. May run in place.
 * Parameters: count, input, output, table indexed by the value as an unsigned byte.
 */
export const table: Operator = {
  code: 4,
  prepare(context: OperatorContext): Kernel {
    const count = context.size();
    const input = context.arena(count);
    const output = context.arena(count);
    const values = context.int8(256);

    function run(from: number, to: number): void {
      const end = Math.min(count, to * ELEMENTS_PER_ROW);
      for (let i = from * ELEMENTS_PER_ROW; i < end; i++) output[i] = values[input[i]! & 255]!;
    }
    return { rows: Math.ceil(count / ELEMENTS_PER_ROW), run };
  },
};
