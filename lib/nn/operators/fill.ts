import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

const ELEMENTS_PER_ROW = 256;

/** Sets a tensor to one value, before a PAD puts its input into it. Parameters: count, value, output. */
export const fill: Operator = {
  code: 12,
  prepare(context: OperatorContext): Kernel {
    const count = context.size();
    const value = context.int();
    const output = context.arena(count);

    function run(from: number, to: number): void {
      const end = Math.min(count, to * ELEMENTS_PER_ROW);
      for (let i = from * ELEMENTS_PER_ROW; i < end; i++) output[i] = value;
    }
    return { rows: Math.ceil(count / ELEMENTS_PER_ROW), run };
  },
};
