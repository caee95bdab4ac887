/** Where each feature lies and how far it spreads in the training data: written by `sertao quantize`. */
export interface FeatureScaling {
  readonly mean: ArrayLike<number>;
  /** 1 / standard deviation. */
  readonly inverseDeviation: ArrayLike<number>;
}

/**
 * Brings every feature to mean 0 and deviation 1, in place: an int8 model has one scale for all its inputs, so they
 * must share a range.
 * @returns false where a feature is not a number
 */
export function standardize(features: Float32Array, scaling: FeatureScaling): boolean {
  let sum = 0;
  for (let i = 0; i < features.length; i++) {
    features[i] = (features[i]! - scaling.mean[i]!) * scaling.inverseDeviation[i]!;
    sum += features[i]!;
  }
  return sum === sum;
}
