import type { OperatorContext } from "./operator-context.js";
import { readRequantizer, type Requantizer } from "./requantizer.js";

const enum Lanes {
  /** Rows that share each load of an input: what makes this faster than a plain loop on a bytecode engine. */
  COUNT = 4,
}

/** Weights of a layer whose every output is a product of one weight row with the same input values. */
export interface DenseRows {
  /** Length of a weight row. */
  readonly depth: number;
  /** Number of outputs. */
  readonly units: number;
  /** `lanes(units)` rows of `depth` weights. */
  readonly weights: Int8Array;
  /** Starts of the sums: the bias, with what must be added to an input to make it positive folded in. */
  readonly bias: Int32Array;
  readonly sums: Int32Array;
  readonly requantizer: Requantizer;
}

/** Rows in the pack for `units` outputs: fewer than a pass takes are filled up. */
export function lanes(units: number): number {
  return Math.max(units, Lanes.COUNT);
}

/** Reads number, weights, biases and requantization of rows of `depth` weights. */
export function readDenseRows(context: OperatorContext, depth: number): DenseRows {
  const units = context.size();
  const rows = lanes(units);
  const weights = context.int8(depth * rows);
  const bias = context.int32(rows);
  const sums = context.accumulators(rows);
  const requantizer = readRequantizer(context, units);
  return { depth, units, weights, bias, sums, requantizer };
}

/**
 * Outputs [from, to) for the `depth` inputs at `input[at]`, written to `output[outputAt + unit]`. Inputs count from
 * their least, -128: zeros after a RELU cost nothing, and no product is -0, which an engine would keep as a double.
 */
export function runDenseRows(
  d: DenseRows,
  input: Int8Array,
  at: number,
  output: Int8Array,
  outputAt: number,
  from: number,
  to: number,
): void {
  const depth = d.depth;
  const weights = d.weights;
  const bias = d.bias;
  const sums = d.sums;
  const end = at + depth;
  for (let unit = from; unit < to; unit += Lanes.COUNT) {
    // The last pass goes over some rows once more, rather than over fewer.
    unit = Math.min(unit, bias.length - Lanes.COUNT);
    let p = unit * depth;
    let q = p + depth;
    let r = q + depth;
    let s = r + depth;
    let a = bias[unit]!;
    let b = bias[unit + 1]!;
    let c = bias[unit + 2]!;
    let e = bias[unit + 3]!;
    for (let i = at; i < end; i++) {
      const x = input[i]! + 128;
      if (x) {
        a += x * weights[p]!;
        b += x * weights[q]!;
        c += x * weights[r]!;
        e += x * weights[s]!;
      }
      p++;
      q++;
      r++;
      s++;
    }
    sums[unit] = a;
    sums[unit + 1] = b;
    sums[unit + 2] = c;
    sums[unit + 3] = e;
  }
  d.requantizer.run(d.requantizer, sums, from, to, output, outputAt);
}
