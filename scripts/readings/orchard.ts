import { relativeHumidity } from "./moist-air.js";
import { OrchardAir } from "./orchard-air.js";
import { SeededRandom } from "./seeded-random.js";
import { globalRadiation, sineOfElevation, solarDay } from "./sun.js";
import { Weather } from "./weather.js";

/** São Joaquim, Santa Catarina, Brazil: apples at 1,350 m, in bloom when the last frosts come. */
const LATITUDE = -28.28;
const LONGITUDE = -49.93;

const STEP_MS = 60_000;
const RECORD_MS = 300_000;
const DAY_MS = 86_400_000;
const SPIN_UP_MS = 4 * DAY_MS;
/** The truth looks ahead at most this far beyond the last reading. */
const LOOK_AHEAD_MS = DAY_MS;

/** Air at the sensor at or below this is frost, °C: ice forms on plants there, and flowers are lost below -2 °C. */
export const FROST_CELSIUS = 0;

/** Middle of the frost season there: where the demo begins, and training data. */
export const ORCHARD_START_MS = Date.UTC(2026, 6, 15);

/** Channels of the orchard, in °C, %, m/s and W/m². */
export const ORCHARD_CHANNELS = ["airTemperature", "relativeHumidity", "windSpeed", "radiation"] as const;

/** Readings of an orchard's sensors, and the truth behind them. Times are Unix milliseconds. */
export interface OrchardReadings {
  readonly startMs: number;
  readonly endMs: number;
  /** The channel's value, between the records of each five minutes; undefined for another channel or time. */
  read(channel: string, timeMs: number): number | undefined;
  /** True where the air (without sensor noise) is at or below 0 °C at any record from now to `horizonMs` later. */
  frostWithin(timeMs: number, horizonMs: number): boolean;
}

/**
 * Makes weather and orchard air for some days. The same seed and start give the same readings, whatever `days` is.
 * Physics: solar geometry and cloud (sun.ts), fronts, spells of cloud, wind and dew point as random processes
 * (weather.ts), the night's long-wave cooling against wind, dew and soil (orchard-air.ts). Sensor noise: 0.1 °C, 1 %,
 * 0.1 m/s, 2 W/m², one deviation.
 * @param seed 32 bits
 * @param startMs of the first reading
 */
export function orchardReadings(seed: number, startMs: number, days: number): OrchardReadings {
  const records = Math.ceil((days * DAY_MS) / RECORD_MS) + 1;
  const endMs = startMs + (records - 1) * RECORD_MS;
  const values = ORCHARD_CHANNELS.map(() => new Float32Array(records));
  const truth = new Float32Array(records + LOOK_AHEAD_MS / RECORD_MS);
  record(seed, startMs, values, truth);
  const nextFrost = timesOfNextFrost(truth);

  return {
    startMs,
    endMs,
    read(channel, timeMs) {
      const series = values[ORCHARD_CHANNELS.indexOf(channel as (typeof ORCHARD_CHANNELS)[number])];
      if (series === undefined || !(timeMs >= startMs && timeMs <= endMs)) return undefined;
      const position = (timeMs - startMs) / RECORD_MS;
      const before = Math.min(Math.floor(position), records - 2);
      const part = position - before;
      return series[before]! * (1 - part) + series[before + 1]! * part;
    },
    frostWithin(timeMs, horizonMs) {
      if (!(timeMs >= startMs && timeMs <= endMs && horizonMs >= 0 && horizonMs <= LOOK_AHEAD_MS)) {
        throw new RangeError(`no truth for ${timeMs} + ${horizonMs} ms`);
      }
      const first = Math.ceil((timeMs - startMs) / RECORD_MS);
      return nextFrost[first]! <= Math.floor((timeMs + horizonMs - startMs) / RECORD_MS);
    },
  };
}

function record(seed: number, startMs: number, values: Float32Array[], truth: Float32Array): void {
  const random = new SeededRandom(seed);
  const noise = new SeededRandom(seed ^ 0x5bd1e995);
  const weather = new Weather(random);
  weather.step(startMs - SPIN_UP_MS, 1);
  const air = new OrchardAir(weather.airMass, weather.dewPoint);
  const stopMs = startMs + (truth.length - 1) * RECORD_MS;
  let day = solarDay(startMs - SPIN_UP_MS);
  let gust = 0;
  for (let timeMs = startMs - SPIN_UP_MS; timeMs <= stopMs; timeMs += STEP_MS) {
    const sinceStart = timeMs - startMs;
    if (sinceStart % DAY_MS === 0) day = solarDay(timeMs);
    const sineElevation = sineOfElevation(timeMs, day, LATITUDE, LONGITUDE);
    weather.step(timeMs, STEP_MS / 1000);
    gust = gust * 0.78 + 0.22 * random.normal();
    // By day convection brings the wind down to the trees; at night the surface layer shelters them.
    const sheltered = 0.35 + 0.5 * Math.min(1, Math.max(0, sineElevation * 2 + 0.1));
    const wind = Math.max(0, weather.wind * sheltered * (1 + gust));
    const radiation = globalRadiation(sineElevation, weather.cloud);
    const forcing = {
      sineElevation,
      radiation,
      cloud: weather.cloud,
      wind,
      airMass: weather.airMass,
      airMassDewPoint: weather.dewPoint,
    };
    air.step(forcing, STEP_MS / 1000);
    if (sinceStart < 0 || sinceStart % RECORD_MS !== 0) continue;
    const index = sinceStart / RECORD_MS;
    truth[index] = air.air;
    if (index >= values[0]!.length) continue;
    const humidity = relativeHumidity(air.air, air.dewPoint) + noise.normal();
    values[0]![index] = air.air + 0.1 * noise.normal();
    values[1]![index] = Math.min(100, Math.max(1, humidity));
    values[2]![index] = Math.max(0, wind + 0.1 * noise.normal());
    values[3]![index] = Math.max(0, radiation + 2 * noise.normal());
  }
}

/** For each record the index of the first frost at or after it; Infinity where none follows. */
function timesOfNextFrost(truth: Float32Array): Float64Array {
  const next = new Float64Array(truth.length);
  let frost = Infinity;
  for (let i = truth.length - 1; i >= 0; i--) {
    if (truth[i]! <= FROST_CELSIUS) frost = i;
    next[i] = frost;
  }
  return next;
}
