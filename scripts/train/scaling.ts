import type { Dataset } from "./dataset.js";

/** Mean and spread of each feature in the training rows, in the few digits that the device's source shows. */
export interface Scaling {
  readonly mean: number[];
  readonly inverseDeviation: number[];
}

const DIGITS = 6;

/** Measures a data set. A feature that never changes gets spread 1, so it becomes 0 and not a division by 0. */
export function measureScaling(data: Dataset): Scaling {
  const { featureCount, rows, features } = data;
  const scaling: Scaling = { mean: [], inverseDeviation: [] };
  for (let f = 0; f < featureCount; f++) {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) sum += features[row * featureCount + f]!;
    const mean = sum / rows;
    for (let row = 0; row < rows; row++) squares += (features[row * featureCount + f]! - mean) ** 2;
    const deviation = Math.sqrt(squares / rows);
    scaling.mean.push(Number(mean.toPrecision(DIGITS)));
    scaling.inverseDeviation.push(deviation > 1e-6 * Math.abs(mean) ? Number((1 / deviation).toPrecision(DIGITS)) : 1);
  }
  return scaling;
}

/** A standardized copy: what `standardize` of lib/dsp does on the device, row by row. */
export function standardized(data: Dataset, scaling: Scaling): Dataset {
  const features = new Float32Array(data.features.length);
  for (let i = 0; i < features.length; i++) {
    const f = i % data.featureCount;
    features[i] = (data.features[i]! - scaling.mean[f]!) * scaling.inverseDeviation[f]!;
  }
  return { ...data, features };
}
