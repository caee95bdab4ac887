const A = 17.625;
const B = 243.04;

/** Saturation vapour pressure over water, hPa (Magnus form; O. Alduchov, R. Eskridge, J. Appl. Meteor. 35, 1996). */
export function saturationPressure(celsius: number): number {
  return 6.1094 * Math.exp((A * celsius) / (celsius + B));
}

/** Relative humidity in percent from air temperature and dew point, °C. */
export function relativeHumidity(celsius: number, dewPoint: number): number {
  return (100 * saturationPressure(dewPoint)) / saturationPressure(celsius);
}

/**
 * Long-wave radiation from the sky, W/m²: clear-sky emissivity after W. Brutsaert (Water Resources Research 11, 1975),
 * cloud after M. Unsworth and J. Monteith (Q. J. R. Meteorol. Soc. 101, 1975).
 */
export function skyRadiation(celsius: number, dewPoint: number, cloud: number): number {
  const kelvin = celsius + 273.15;
  const clear = 1.24 * Math.pow(saturationPressure(dewPoint) / kelvin, 1 / 7);
  return ((1 - 0.84 * cloud) * clear + 0.84 * cloud) * blackBody(celsius);
}

/** Radiation of a black body, W/m². */
export function blackBody(celsius: number): number {
  const square = (celsius + 273.15) * (celsius + 273.15);
  return 5.670374e-8 * square * square;
}
