import type { Node } from "../lowering.js";
import { at, constant, ints, scratch } from "../parameters.js";
import { GREATEST_OFFSET } from "./limits.js";
import { plainNumbers } from "./list-vars.js";

const CHUNK = 128;
/** How far every value must stay from where its output changes: rounding errors are a thousandth of it. */
const MARGIN = 1e-9;

/** A sum of two int8 operands as a function of both. */
export interface PairFunction {
  /** The output, clamped, for two operands. */
  readonly output: (a: number, b: number) => number;
  /** Real factors of the operands, about which a fit is sought. */
  readonly factors: readonly [number, number];
  readonly low: number;
  readonly high: number;
}

/** One affine map of a pair of operands: a * factors[0] + b * factors[1] + addend, cut to a whole number. */
export interface PairFit {
  readonly factors: readonly [number, number];
  readonly addend: number;
}

/**
 * Fits one affine map to all 65,536 pairs of operands; undefined where none reproduces the function. The double rounding
 * rounds halves away from zero: factors a little too great do so too.
 */
export function fitPairs(f: PairFunction): PairFit | undefined {
  for (const slope of [1, 1 + 2 ** -24, 1 + 2 ** -21, 1 + 2 ** -18, 1 - 2 ** -21]) {
    const factors = [f.factors[0] * slope, f.factors[1] * slope] as const;
    let least = -Infinity;
    let most = Infinity;
    for (let a = -128; a < 128; a++) {
      for (let b = -128; b < 128; b++) {
        const output = f.output(a, b);
        const rest = output - f.low - (a * factors[0] + b * factors[1]);
        if (output > f.low) least = Math.max(least, rest);
        if (output < f.high) most = Math.min(most, rest + 1);
      }
    }
    if (most - least > 2 * MARGIN) return { factors, addend: middle(least, most) };
  }
  return undefined;
}

function middle(least: number, most: number): number {
  if (least === -Infinity) return most - 0.5;
  return most === Infinity ? least + 0.5 : (least + most) / 2;
}

/** Emits the native form of a sum; false where the backend has none or no fit is found. */
export function emitNativeAdd(
  node: Node,
  left: number,
  right: number,
  target: number,
  count: number,
  f: PairFunction,
): boolean {
  const { backend, plan, scratchBudget } = node.lowering.options;
  if (backend !== "espruino" || plan !== "fast" || count > GREATEST_OFFSET) return false;
  const fit = fitPairs(f);
  if (fit === undefined) return false;
  const chunk = Math.min(scratchBudget < CHUNK * 32 ? CHUNK / 4 : CHUNK, count);
  node.emit({
    kernel: "ADD_NATIVE",
    reads: [left, right],
    writes: [target],
    inPlace: left,
    parameters: [
      ...ints(count, chunk),
      at(left),
      at(right),
      constant(Float64Array.of(fit.factors[0], 0, fit.factors[1], 0, fit.addend, 0)),
      constant(Int8Array.from({ length: 256 }, (_, value) => Math.min(f.high, f.low + value))),
      scratch(0),
      scratch(chunk * 4),
      at(target),
    ],
    scratchBytes: chunk * 6,
    passingVars: plainNumbers(chunk * 2),
    outputs: count,
  });
  return true;
}
