import type { SampleWindow } from "../../../lib/sensing/sample-window.js";

/** Order of a sample's values: °C, %, m/s, W/m². */
export const CHANNELS = ["airTemperature", "relativeHumidity", "windSpeed", "radiation"];

/** One hour of samples, one in five minutes, both ends included. */
export const WINDOW_SAMPLES = 13;

export const FEATURE_COUNT = 8;

const QUARTER_HOUR = 3;
const HOUR = 12;
const TEMPERATURE = 0;
const HUMIDITY = 1;
const WIND = 2;
const RADIATION = 3;

/**
 * What the frost model sees: air temperature, °C, and its change over 15 and 60 minutes; relative humidity, %; dew
 * point, °C; mean wind of the hour, m/s; mean radiation of 15 minutes, W/m², and its change over the hour. A falling sun
 * with dry, still air is what ends in frost.
 * @param out FEATURE_COUNT numbers
 * @returns false, and `out` is not to be used, while the window is short or where a sensor it needs has failed
 */
export function frostFeatures(window: SampleWindow, out: Float32Array): boolean {
  if (window.length < WINDOW_SAMPLES) return false;
  const temperature = window.value(TEMPERATURE, 0);
  const humidity = window.value(HUMIDITY, 0);
  const radiation = mean(window, RADIATION, 0, QUARTER_HOUR);
  out[0] = temperature;
  out[1] = temperature - window.value(TEMPERATURE, QUARTER_HOUR);
  out[2] = temperature - window.value(TEMPERATURE, HOUR);
  out[3] = humidity;
  out[4] = dewPoint(temperature, humidity);
  out[5] = mean(window, WIND, 0, HOUR);
  out[6] = radiation;
  out[7] = radiation - mean(window, RADIATION, HOUR - QUARTER_HOUR, HOUR);
  let sum = 0;
  for (let i = 0; i < FEATURE_COUNT; i++) sum += out[i]!;
  return sum === sum;
}

/**
 * Dew point, °C: inverse of the Magnus formula with the coefficients of Alduchov and Eskridge (J. Appl. Meteor. 35,
 * 1996), within 0.1 °C from -40 to 50 °C. Humidity below 1 % counts as 1 %.
 */
export function dewPoint(celsius: number, humidity: number): number {
  const ratio = Math.log((humidity < 1 ? 1 : humidity) / 100) + (17.625 * celsius) / (243.04 + celsius);
  return (243.04 * ratio) / (17.625 - ratio);
}

/** Mean of a channel over samples `from` to `to` ago, both included. */
function mean(window: SampleWindow, channel: number, from: number, to: number): number {
  let sum = 0;
  for (let ago = from; ago <= to; ago++) sum += window.value(channel, ago);
  return sum / (to - from + 1);
}
