import { allOperators } from "../lib/nn/all-operators.js";
import type { OpResolver } from "../lib/nn/op-resolver.js";

/** Every operator, in its loops form. A build replaces this list by the operators of its model. */
export const operators: OpResolver = Object.keys(allOperators).map((name) => allOperators[name]!);
