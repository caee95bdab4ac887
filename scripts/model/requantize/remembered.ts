import type { StepFunction } from "./step-function.js";

/** More step functions than a model has channels. */
const GREATEST_COUNT = 8192;

/**
 * A function of step functions that computes nothing twice: a model is lowered several times until its memory suits a
 * board, with the same requantization each time.
 */
export function remembered<Result>(compute: (f: StepFunction) => Result): (f: StepFunction) => Result {
  const known = new Map<string, Result>();
  return (f) => {
    if (f.output !== undefined) return compute(f);
    const { factor, rounding, zeroPoint, low, high, least, greatest } = f;
    const key = [factor.multiplier, factor.shift, rounding, zeroPoint, low, high, least, greatest].join(" ");
    if (!known.has(key)) {
      if (known.size >= GREATEST_COUNT) known.clear();
      known.set(key, compute(f));
    }
    return known.get(key)!;
  };
}
