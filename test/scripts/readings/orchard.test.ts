import { describe, expect, test } from "vitest";
import { blackBody, relativeHumidity, saturationPressure, skyRadiation } from "../../../scripts/readings/moist-air.js";
import { ORCHARD_CHANNELS, ORCHARD_START_MS, orchardReadings } from "../../../scripts/readings/orchard.js";
import { SeededRandom } from "../../../scripts/readings/seeded-random.js";
import { globalRadiation, sineOfElevation, solarDay } from "../../../scripts/readings/sun.js";

const HOUR = 3_600_000;
const MINUTES_5 = 300_000;
const DAY = 24 * HOUR;

describe("sun", () => {
  test("declination at solstices and equinox", () => {
    const degrees = (timeMs: number) => (solarDay(timeMs).declination * 180) / Math.PI;
    expect(degrees(Date.UTC(2026, 5, 21))).toBeCloseTo(23.44, 0);
    expect(degrees(Date.UTC(2026, 11, 21))).toBeCloseTo(-23.44, 0);
    expect(Math.abs(degrees(Date.UTC(2026, 2, 20, 12)))).toBeLessThan(1);
  });

  test("the sun stands highest at true solar noon, as high as latitude and declination say", () => {
    const start = Date.UTC(2026, 10, 3);
    const day = solarDay(start);
    let best = -1;
    let bestMinute = 0;
    for (let minute = 0; minute < 1440; minute++) {
      const sine = sineOfElevation(start + minute * 60_000, day, 0, 30);
      if (sine > best) [best, bestMinute] = [sine, minute];
    }
    // 30° east is two hours before Greenwich; early in November the sun is 16.4 minutes ahead of mean time.
    expect(Math.abs(bestMinute - (600 - 16.4))).toBeLessThanOrEqual(1.5);
    expect(best).toBeCloseTo(Math.cos(day.declination), 4);
  });

  test("radiation: none at night, about 1,000 W/m² under a high sun, a quarter of it under full cloud", () => {
    expect(globalRadiation(-0.2, 0)).toBe(0);
    expect(globalRadiation(1, 0)).toBeGreaterThan(1000);
    expect(globalRadiation(1, 1) / globalRadiation(1, 0)).toBeCloseTo(0.25, 6);
  });
});

describe("moist air", () => {
  test("saturation pressure at 0 and 20 °C", () => {
    expect(saturationPressure(0)).toBeCloseTo(6.11, 1);
    expect(saturationPressure(20)).toBeCloseTo(23.37, 1);
    expect(relativeHumidity(10, 10)).toBe(100);
  });

  test("a cloudy sky radiates like the air, a clear dry one much less", () => {
    expect(skyRadiation(5, 0, 1)).toBeGreaterThan(0.95 * blackBody(5));
    expect(skyRadiation(5, 0, 0)).toBeLessThan(0.8 * blackBody(5));
    expect(skyRadiation(5, -10, 0)).toBeLessThan(skyRadiation(5, 0, 0));
    expect(blackBody(15)).toBeCloseTo(390.9, 0);
  });
});

describe("orchardReadings", () => {
  const orchard = orchardReadings(1, ORCHARD_START_MS, 20);
  const times = Array.from({ length: 20 * 288 }, (_, i) => ORCHARD_START_MS + i * MINUTES_5);
  const series = (channel: string) => times.map((timeMs) => orchard.read(channel, timeMs)!);

  test("the same seed gives the same readings, a longer run begins with the shorter one, another seed differs", () => {
    const longer = orchardReadings(1, ORCHARD_START_MS, 30);
    const other = orchardReadings(2, ORCHARD_START_MS, 20);
    for (const channel of ORCHARD_CHANNELS) {
      expect(times.map((timeMs) => longer.read(channel, timeMs))).toEqual(series(channel));
      expect(times.map((timeMs) => other.read(channel, timeMs))).not.toEqual(series(channel));
    }
    for (const timeMs of times)
      expect(longer.frostWithin(timeMs, 2 * HOUR)).toBe(orchard.frostWithin(timeMs, 2 * HOUR));
  });

  test("values are what sensors can mean", () => {
    const between = (values: number[], low: number, high: number) => {
      for (const value of values) expect(value >= low && value <= high).toBe(true);
    };
    between(series("airTemperature"), -20, 35);
    between(series("relativeHumidity"), 1, 100);
    between(series("windSpeed"), 0, 25);
    between(series("radiation"), 0, 1200);
  });

  test("nights are dark, days are not; it is warmer in the afternoon than before sunrise", () => {
    let warmer = 0;
    for (let day = 0; day < 20; day++) {
      const midnight = ORCHARD_START_MS + day * DAY + 3.3 * HOUR;
      expect(orchard.read("radiation", midnight)).toBeLessThan(15);
      expect(orchard.read("radiation", midnight + 12 * HOUR)).toBeGreaterThan(60);
      const before = orchard.read("airTemperature", midnight + 6 * HOUR)!;
      if (orchard.read("airTemperature", midnight + 14 * HOUR)! > before) warmer++;
    }
    expect(warmer).toBeGreaterThanOrEqual(17);
  });

  test("clear calm nights cool more than cloudy or windy ones", () => {
    const falls: { wind: number; fall: number }[] = [];
    for (let seed = 1; seed <= 6; seed++) {
      const readings = orchardReadings(seed, ORCHARD_START_MS, 30);
      for (let day = 0; day < 29; day++) {
        const dusk = ORCHARD_START_MS + day * DAY + 22 * HOUR;
        let wind = 0;
        for (let hour = 0; hour < 10; hour++) wind += readings.read("windSpeed", dusk + hour * HOUR)! / 10;
        const fall = readings.read("airTemperature", dusk)! - readings.read("airTemperature", dusk + 10 * HOUR)!;
        falls.push({ wind, fall });
      }
    }
    falls.sort((a, b) => a.wind - b.wind);
    const third = Math.floor(falls.length / 3);
    const mean = (some: typeof falls) => some.reduce((sum, { fall }) => sum + fall, 0) / some.length;
    expect(mean(falls.slice(0, third))).toBeGreaterThan(mean(falls.slice(-third)) + 0.5);
  });

  test("reads between records in a straight line, and nothing outside", () => {
    const at = ORCHARD_START_MS + 7 * HOUR;
    const here = orchard.read("airTemperature", at)!;
    const next = orchard.read("airTemperature", at + MINUTES_5)!;
    expect(orchard.read("airTemperature", at + MINUTES_5 / 4)).toBeCloseTo(here + (next - here) / 4, 5);
    expect(orchard.read("airTemperature", orchard.endMs)).toBeTypeOf("number");
    expect(orchard.read("airTemperature", orchard.endMs + 1)).toBeUndefined();
    expect(orchard.read("airTemperature", orchard.startMs - 1)).toBeUndefined();
    expect(orchard.read("airTemperature", NaN)).toBeUndefined();
    expect(orchard.read("soilMoisture", at)).toBeUndefined();
  });

  test("the truth is frost at any record up to the horizon, the last included, and known to the end", () => {
    const frosty = times.filter((timeMs) => orchard.frostWithin(timeMs, 0));
    expect(frosty.length).toBeGreaterThan(10);
    const first = frosty.find((timeMs, i) => timeMs > ORCHARD_START_MS + DAY && timeMs - frosty[i - 1]! > 3 * HOUR)!;
    expect(orchard.frostWithin(first - 2 * HOUR, 2 * HOUR)).toBe(true);
    expect(orchard.frostWithin(first - 2 * HOUR - 1, 2 * HOUR)).toBe(false);
    expect(orchard.frostWithin(orchard.endMs, 2 * HOUR)).toBeTypeOf("boolean");
    expect(() => orchard.frostWithin(orchard.endMs + 1, HOUR)).toThrow(/no truth/);
    // Without the sensor's noise, so a reading may lie on the other side by some tenths.
    for (const timeMs of frosty) expect(orchard.read("airTemperature", timeMs)).toBeLessThan(0.6);
  });

  test("a frost season has frost in some nights and not in most", () => {
    let nights = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const readings = orchardReadings(seed, ORCHARD_START_MS, 60);
      for (let day = 0; day < 60; day++) if (readings.frostWithin(ORCHARD_START_MS + day * DAY, DAY)) nights++;
    }
    expect(nights / 480).toBeGreaterThan(0.05);
    expect(nights / 480).toBeLessThan(0.3);
  });
});

describe("SeededRandom", () => {
  test("means and deviations are as promised", () => {
    const random = new SeededRandom(5);
    let [uniform, normal, square, exponential] = [0, 0, 0, 0];
    const count = 100_000;
    for (let i = 0; i < count; i++) {
      uniform += random.uniform();
      const value = random.normal();
      normal += value;
      square += value * value;
      exponential += random.exponential(3);
    }
    expect(uniform / count).toBeCloseTo(0.5, 2);
    expect(normal / count).toBeCloseTo(0, 1);
    expect(square / count).toBeCloseTo(1, 1);
    expect(exponential / count).toBeCloseTo(3, 1);
  });

  test("the sequence never changes: data sets are named by their seed", () => {
    const random = new SeededRandom(1);
    expect([random.below(1000), random.below(1000), random.below(1000)]).toEqual([627, 2, 527]);
  });
});
