import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

/** TABLE for Espruino: one native call. Parameters as for the loops form. */
export const table: Operator = {
  code: 4,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native) return context.fail();
    const count = context.size();
    const input = context.arena(count);
    const output = context.arena(count);
    const values = context.int8(256);
    return { rows: 1, run: () => native.mapInPlace(input, output, values) };
  },
};
