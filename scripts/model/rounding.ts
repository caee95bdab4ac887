import { roundingUnknown } from "../errors/model.js";

/** Which runtime's arithmetic a compiled model reproduces, bit for bit. */
export type Rounding = "tflm" | "xnnpack";

export const ROUNDINGS: readonly Rounding[] = ["tflm", "xnnpack"];

/** The rounding of that name. Throws SertaoError MODEL_ROUNDING. */
export function roundingNamed(name: string): Rounding {
  const rounding = ROUNDINGS.find((known) => known === name);
  if (rounding === undefined) throw roundingUnknown(`There is no rounding "${name}"`);
  return rounding;
}
