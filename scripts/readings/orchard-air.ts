import { blackBody, skyRadiation } from "./moist-air.js";

/** J/(m³ K) of air at 1,350 m. */
const AIR_HEAT = 1.05 * 1005;
/** J/(m² K) of canopy and top soil. */
const SURFACE_HEAT = 20_000;
/** W/(m² K) between the surface and the soil below. */
const SOIL_CONDUCTANCE = 6;
const SOIL_MEMORY_SEC = 1.5 * 86_400;
const HUMIDITY_MEMORY_SEC = 6 * 3600;
const ALBEDO = 0.2;
const EMISSIVITY = 0.97;
/** Part of the day's net radiation that evaporates water. */
const EVAPORATION = 0.4;

/** What drives the air among the trees for one step. */
export interface Forcing {
  /** Sine of the sun's elevation. */
  readonly sineElevation: number;
  /** Global radiation, W/m². */
  readonly radiation: number;
  readonly cloud: number;
  /** At the sensor, m/s. */
  readonly wind: number;
  readonly airMass: number;
  readonly airMassDewPoint: number;
}

/**
 * Air at sensor height, surface and soil as three heat stores (the structure of R. Stull, An Introduction to Boundary
 * Layer Meteorology, 1988, chapters 7 and 12, with bulk coefficients): the surface gains sunlight and the sky's
 * long-wave radiation, loses its own, and exchanges heat with soil and air; the air is a layer, shallow in calm nights
 * and deep on sunny days, mixed with the air mass above the faster the wind blows. Air that reaches its dew point cools
 * more slowly, because the water that condenses gives its heat back.
 */
export class OrchardAir {
  /** °C. */
  surface: number;
  soil: number;

  constructor(
    /** Air at the sensor, °C. */
    public air: number,
    /** °C. */
    public dewPoint: number,
  ) {
    this.surface = air;
    this.soil = air;
  }

  /** Explicit Euler; steps of a minute are stable by a factor of ten. */
  step(by: Forcing, seconds: number): void {
    const day = Math.max(0, by.sineElevation);
    const exchange = AIR_HEAT * (0.003 + 0.004 * by.wind);
    const net =
      (1 - ALBEDO) * by.radiation +
      EMISSIVITY * (skyRadiation(this.air, this.dewPoint, by.cloud) - blackBody(this.surface));
    const toSoil = SOIL_CONDUCTANCE * (this.surface - this.soil);
    const toAir = exchange * (this.surface - this.air);
    const evaporation = EVAPORATION * Math.max(0, net - toSoil) * (day > 0 ? 1 : 0);
    this.surface += ((net - toSoil - toAir - evaporation) * seconds) / SURFACE_HEAT;
    this.soil += ((this.surface - this.soil) * seconds) / SOIL_MEMORY_SEC;

    const depth = 35 + 50 * by.wind + 450 * day;
    const mixingSec = 43_200 / (1 + 0.6 * by.wind * by.wind + 3 * day);
    const change = toAir / (AIR_HEAT * depth) + (by.airMass - this.air) / mixingSec;
    const condensing = change < 0 && this.air <= this.dewPoint;
    this.air += (condensing ? change / condensationFactor(this.air) : change) * seconds;
    this.dewPoint += ((by.airMassDewPoint - this.dewPoint) / HUMIDITY_MEMORY_SEC + (0.4 / 3600) * day) * seconds;
    if (this.dewPoint > this.air) this.dewPoint = this.air;
  }
}

/** How much harder saturated air is to cool: 1 + (L / cp) dq/dT, from 1.6 at 0 °C to 2.2 at 10 °C. */
function condensationFactor(celsius: number): number {
  return 1 + 0.62 * Math.exp(0.065 * celsius);
}
