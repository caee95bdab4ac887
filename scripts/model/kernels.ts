import { allOperators } from "../../lib/nn/all-operators.js";
import { espruinoOperators } from "../../lib/nn/espruino-operators.js";
import type { Operator } from "../../lib/nn/operator.js";

/** Every operator that a pack may name: the loops forms, and those for one backend. */
export const kernels: Readonly<Record<string, Operator>> = { ...allOperators, ...espruinoOperators };

/** The operator of a name. Throws RangeError. */
export function operatorNamed(name: string): Operator {
  const operator = kernels[name];
  if (operator === undefined) throw new RangeError(`there is no operator ${name}`);
  return operator;
}

/** True where only the `espruino` backend has the operator. */
export function isNativeForm(name: string): boolean {
  return name in espruinoOperators;
}
