import { SeededRandom } from "../../../scripts/readings/seeded-random.js";
import type { Dataset } from "../../../scripts/train/dataset.js";

/** Points in the plane; class 1 within a ring that no straight line can cut out. */
export function ring(rows: number, seed: number): Dataset {
  const random = new SeededRandom(seed);
  const features = new Float32Array(rows * 2);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [x, y] = [4 * random.uniform() - 2, 4 * random.uniform() - 2];
    features.set([x, y], row * 2);
    labels[row] = Math.hypot(x, y) < 1.2 ? 1 : 0;
  }
  return { features, labels, rows, featureCount: 2 };
}

/** Points around three centres, a class each. */
export function clusters(rows: number, seed: number): Dataset {
  const random = new SeededRandom(seed);
  const centres = [
    [-1.5, -1],
    [1.5, -1],
    [0, 1.5],
  ] as const;
  const features = new Float32Array(rows * 2);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = random.below(3);
    features.set([centres[label]![0] + 0.5 * random.normal(), centres[label]![1] + 0.5 * random.normal()], row * 2);
    labels[row] = label;
  }
  return { features, labels, rows, featureCount: 2 };
}
