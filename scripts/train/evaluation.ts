import { confusionMatrix, decide, f1, precision, recall, rocAuc, sweep, type Decisions } from "./metrics.js";

/** One class against all others. */
export interface ClassFigures {
  readonly label: string;
  readonly examples: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly rocAuc: number;
  /** Decisions at every threshold, for curves. */
  readonly curve: readonly Decisions[];
}

/** What one model makes of one data set. */
export interface Evaluation {
  readonly rows: number;
  readonly accuracy: number;
  readonly classes: readonly ClassFigures[];
  /** Rows: truth, columns: decision. */
  readonly confusion: readonly (readonly number[])[];
  /** Class decided for each row. */
  readonly decided: Uint8Array;
}

/**
 * Judges probabilities (rows × outputs) against classes. A yes/no model says yes at or above `threshold`; one with
 * classes says the most likely.
 */
export function evaluate(
  probabilities: Float32Array,
  labels: Uint8Array,
  names: readonly string[],
  threshold: number,
): Evaluation {
  const outputs = names.length;
  const decided = Uint8Array.from(labels, (_, row) =>
    outputs === 1 ? Number(probabilities[row]! >= threshold) : argMax(probabilities, row * outputs, outputs),
  );
  const figures = names.map((label, output): ClassFigures => {
    const positive = outputs === 1 ? 1 : output;
    const truth = labels.map((value) => Number(value === positive));
    const scores = Float32Array.from(labels, (_, row) => probabilities[row * outputs + output]!);
    const curve = sweep(scores, truth);
    const decisions = decide(
      decided.map((value) => Number(value === positive)),
      truth,
      1,
    );
    return {
      label,
      examples: truth.reduce((sum, value) => sum + value, 0),
      precision: precision(decisions),
      recall: recall(decisions),
      f1: f1(decisions),
      rocAuc: rocAuc(curve),
      curve,
    };
  });
  const correct = decided.reduce((sum, value, row) => sum + Number(value === labels[row]), 0);
  return {
    rows: labels.length,
    accuracy: correct / labels.length,
    classes: figures,
    confusion: confusionMatrix(decided, labels, Math.max(2, outputs)),
    decided,
  };
}

/** How far two models part on the same rows. */
export interface Agreement {
  /** Part of the rows on which they decide the same. */
  readonly decisions: number;
  readonly meanDifference: number;
  readonly greatestDifference: number;
}

export function compare(a: Float32Array, b: Float32Array, first: Evaluation, second: Evaluation): Agreement {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    sum += difference;
    most = Math.max(most, difference);
  }
  const same = first.decided.reduce((count, value, row) => count + Number(value === second.decided[row]), 0);
  return { decisions: same / first.rows, meanDifference: sum / a.length, greatestDifference: most };
}

function argMax(values: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}
