import type { OperatorContext } from "./operator-context.js";
import { readRequantizer, requantizeRow, type Requantizer } from "./requantizer.js";

/** Weights of a layer whose every output is a product of one weight row with the same input values. */
export interface DenseRows {
  /** Length of a weight row. */
  readonly depth: number;
  /** Number of rows, which is the number of outputs. */
  readonly units: number;
  /** `units` rows of `depth` weights. */
  readonly weights: Int8Array;
  /** Starts of the sums: the bias, with the input's zero point folded in. */
  readonly bias: Int32Array;
  readonly sums: Int32Array;
  readonly requantizer: Requantizer;
}

/** Reads weights, biases and requantization of a layer. */
export function readDenseRows(context: OperatorContext): DenseRows {
  const depth = context.size();
  const units = context.size();
  const weights = context.int8(depth * units);
  const bias = context.int32(units);
  const sums = context.accumulators(units);
  const requantizer = readRequantizer(context, units);
  return { depth, units, weights, bias, sums, requantizer };
}

/**
 * Outputs [from, to) for the `depth` inputs at `input[at]`, written to `output[outputAt + unit]`. Four rows share each
 * load of an input, which is what makes this faster than a plain multiply-accumulate loop on a bytecode engine.
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
  let p = from * depth;
  let unit = from;
  while (unit + 4 <= to) {
    let q = p + depth;
    let r = q + depth;
    let s = r + depth;
    let a = bias[unit]!;
    let b = bias[unit + 1]!;
    let c = bias[unit + 2]!;
    let e = bias[unit + 3]!;
    for (let i = at; i < end; i++) {
      const x = input[i]!;
      a += x * weights[p++]!;
      b += x * weights[q++]!;
      c += x * weights[r++]!;
      e += x * weights[s++]!;
    }
    sums[unit] = a;
    sums[unit + 1] = b;
    sums[unit + 2] = c;
    sums[unit + 3] = e;
    p = s;
    unit += 4;
  }
  while (unit < to) {
    let a = bias[unit]!;
    for (let i = at; i < end; i++) a += input[i]! * weights[p++]!;
    sums[unit++] = a;
  }
  requantizeRow(d.requantizer, sums, from, to, output, outputAt);
}
