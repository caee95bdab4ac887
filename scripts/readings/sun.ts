const DAY_MS = 86_400_000;

/** Position of the sun as its day's constants: what changes slowly enough to compute once a day. */
export interface SolarDay {
  /** Radians. */
  readonly declination: number;
  /** Solar time less mean time, minutes. */
  readonly equationOfTimeMin: number;
}

/** Declination and equation of time as Fourier series of the day of the year (J. W. Spencer, Search 2(5), 1971). */
export function solarDay(timeMs: number): SolarDay {
  const angle = (2 * Math.PI * dayOfYear(timeMs)) / 365;
  const declination =
    0.006918 -
    0.399912 * Math.cos(angle) +
    0.070257 * Math.sin(angle) -
    0.006758 * Math.cos(2 * angle) +
    0.000907 * Math.sin(2 * angle) -
    0.002697 * Math.cos(3 * angle) +
    0.00148 * Math.sin(3 * angle);
  const equationOfTimeMin =
    229.18 *
    (0.000075 +
      0.001868 * Math.cos(angle) -
      0.032077 * Math.sin(angle) -
      0.014615 * Math.cos(2 * angle) -
      0.040849 * Math.sin(2 * angle));
  return { declination, equationOfTimeMin };
}

/** Days since the start of the year, in UTC: 0 to 366. */
export function dayOfYear(timeMs: number): number {
  return (timeMs - Date.UTC(new Date(timeMs).getUTCFullYear(), 0, 1)) / DAY_MS;
}

/** Sine of the sun's elevation; negative at night. Angles in degrees, east and north positive. */
export function sineOfElevation(timeMs: number, day: SolarDay, latitude: number, longitude: number): number {
  const solarHours = (timeMs % DAY_MS) / 3_600_000 + longitude / 15 + day.equationOfTimeMin / 60;
  const hourAngle = ((solarHours - 12) * Math.PI) / 12;
  const phi = (latitude * Math.PI) / 180;
  return Math.sin(phi) * Math.sin(day.declination) + Math.cos(phi) * Math.cos(day.declination) * Math.cos(hourAngle);
}

/**
 * Global radiation on level ground, W/m²: clear sky after B. Haurwitz (J. Meteorology 2, 1945), dimmed by cloud after
 * F. Kasten and G. Czeplak (Solar Energy 24, 1980).
 * @param cloud fraction of the sky, 0 to 1
 */
export function globalRadiation(sineElevation: number, cloud: number): number {
  if (sineElevation <= 0.01) return 0;
  return 1098 * sineElevation * Math.exp(-0.057 / sineElevation) * (1 - 0.75 * Math.pow(cloud, 3.4));
}
