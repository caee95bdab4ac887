// Written by `sertao quantize occupancy`. Do not edit.

/** For `standardize` of lib/dsp: temperature, humidity, light, co2, humidityRatio. */
export const SCALING = {
  mean: [20.7741, 23.3554, 124.16, 547.56, 0.0035334],
  inverseDeviation: [0.962141, 0.230812, 0.00510306, 0.00518789, 1585.75],
};

/** Probability from which the answer is yes, chosen on the validation part. */
export const DECISION_THRESHOLD = 0.625;
