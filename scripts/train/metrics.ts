/** Counts of a yes/no decision. */
export interface Decisions {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Decisions "yes" where the score is at or above `threshold`. */
export function decide(scores: ArrayLike<number>, labels: ArrayLike<number>, threshold: number): Decisions {
  let [truePositives, falsePositives, trueNegatives, falseNegatives] = [0, 0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    const yes = scores[i]! >= threshold;
    if (yes && labels[i]) truePositives++;
    else if (yes) falsePositives++;
    else if (labels[i]) falseNegatives++;
    else trueNegatives++;
  }
  return { threshold, truePositives, falsePositives, trueNegatives, falseNegatives };
}

export function accuracy(d: Decisions): number {
  const all = d.truePositives + d.trueNegatives + d.falsePositives + d.falseNegatives;
  return (d.truePositives + d.trueNegatives) / all;
}

/** Part of the "yes" that is right; 1 where there is none. */
export function precision(d: Decisions): number {
  const yes = d.truePositives + d.falsePositives;
  return yes === 0 ? 1 : d.truePositives / yes;
}

/** Part of the positives that is found; 1 where there is none. */
export function recall(d: Decisions): number {
  const positives = d.truePositives + d.falseNegatives;
  return positives === 0 ? 1 : d.truePositives / positives;
}

/** Part of the negatives that is called "yes". */
export function falsePositiveRate(d: Decisions): number {
  const negatives = d.falsePositives + d.trueNegatives;
  return negatives === 0 ? 0 : d.falsePositives / negatives;
}

/** Decisions at every score that occurs, from the highest threshold down; the first says "no" to all. */
export function sweep(scores: ArrayLike<number>, labels: ArrayLike<number>): Decisions[] {
  const order = Array.from({ length: labels.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const positives = order.reduce((sum, i) => sum + (labels[i] ? 1 : 0), 0);
  const negatives = order.length - positives;
  const at = (threshold: number, truePositives: number, falsePositives: number): Decisions => ({
    threshold,
    truePositives,
    falsePositives,
    trueNegatives: negatives - falsePositives,
    falseNegatives: positives - truePositives,
  });
  const points = [at(Infinity, 0, 0)];
  let [found, wrong] = [0, 0];
  order.forEach((row, rank) => {
    if (labels[row]) found++;
    else wrong++;
    if (rank + 1 === order.length || scores[order[rank + 1]!] !== scores[row])
      points.push(at(scores[row]!, found, wrong));
  });
  return points;
}

/** Area under the ROC curve, by trapezoids: the chance that a positive scores above a negative (ties count half). */
export function rocAuc(points: readonly Decisions[]): number {
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    area += ((falsePositiveRate(b) - falsePositiveRate(a)) * (recall(a) + recall(b))) / 2;
  }
  return area;
}

/** Mean of precision and recall that counts recall `beta` times as much (C. van Rijsbergen, 1979); 1 is F1. */
export function fBeta(d: Decisions, beta: number): number {
  const square = beta * beta;
  const total = (1 + square) * d.truePositives + square * d.falseNegatives + d.falsePositives;
  return total === 0 ? 0 : ((1 + square) * d.truePositives) / total;
}

/** Harmonic mean of precision and recall. */
export function f1(d: Decisions): number {
  return fBeta(d, 1);
}

/** The threshold with the best F-beta. */
export function bestThreshold(points: readonly Decisions[], beta: number): number {
  return points.reduce((best, point) => (fBeta(point, beta) > fBeta(best, beta) ? point : best)).threshold;
}

/** Rows: truth, columns: decision. */
export function confusionMatrix(decided: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]![decided[i]!] = counts[labels[i]!]![decided[i]!]! + 1;
  return counts;
}
