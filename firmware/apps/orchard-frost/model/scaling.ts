// Written by `sertao quantize orchard-frost`. Do not edit.

/** For `standardize` of lib/dsp: temperature, temperatureChange15Min, temperatureChange60Min, humidity, dewPoint, meanWind, radiation, radiationChange60Min. */
export const SCALING = {
  mean: [7.1559, 0.000587266, 0.00240015, 75.5108, 2.88385, 1.22442, 178.682, 0.0072062],
  inverseDeviation: [0.271018, 4.49613, 1.4647, 0.0728824, 0.249963, 1.04867, 0.00395035, 0.0129174],
};

/** Probability from which the answer is yes, chosen on the validation part. */
export const DECISION_THRESHOLD = 0.20703125;
