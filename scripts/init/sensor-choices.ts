import type { PartPlacement } from "../simulate/parts/placement.js";

/** What a driver is connected to, so that a place on the board can be found for it. */
export type PlaceKind = "i2c" | "pin" | "counter" | "analog" | "none";

/** A channel of a sensor, and what its readings look like in a recording that is made up. */
export interface ExampleChannel {
  readonly name: string;
  /** Mean of the days, how far a day and a spell of weather take it from there, and the sensor's noise, in the channel's unit. */
  readonly mean: number;
  readonly daily: number;
  readonly drift: number;
  readonly noise: number;
  /** Readings stay within these. */
  readonly least: number;
  readonly greatest: number;
  /** Digits behind the point. */
  readonly digits: number;
}

/** A sensor that `sertao init` can write into an application. */
export interface SensorChoice {
  readonly id: string;
  readonly title: string;
  readonly kind: PlaceKind;
  readonly channels: readonly ExampleChannel[];
  /** What the driver's file exports. */
  readonly imports: string;
  /** The driver, as source; `place` is the bus or pin of the board. */
  driver(place: string): string;
  /** What the simulator wires to the device. */
  part(place: string): PartPlacement | undefined;
}

/** Seconds from sample to sample in what `sertao init` writes. */
export const SAMPLE_PERIOD_SEC = 300;

const AIR_TEMPERATURE: ExampleChannel = {
  name: "airTemperature",
  mean: 18,
  daily: 7,
  drift: 4,
  noise: 0.1,
  least: -40,
  greatest: 85,
  digits: 2,
};
const RELATIVE_HUMIDITY: ExampleChannel = {
  name: "relativeHumidity",
  mean: 65,
  daily: -18,
  drift: 10,
  noise: 0.8,
  least: 5,
  greatest: 100,
  digits: 1,
};

const MM_PER_TIP = 0.2794;
const METRES_PER_SECOND_PER_HZ = 0.667;
const SOIL = { dry: 0.8, soaked: 0.35 };
const BATTERY = { upperOhms: 220000, lowerOhms: 100000, fullScaleVolts: 3.1 };

/** Fraction of full scale that a battery's divider gives. */
function batteryFraction(volts: number): number {
  const { upperOhms, lowerOhms, fullScaleVolts } = BATTERY;
  return (volts * lowerOhms) / (upperOhms + lowerOhms) / fullScaleVolts;
}

/** All of them, by the names of their drivers. A new one is an entry here. */
export const sensorChoices: readonly SensorChoice[] = [
  {
    id: "sht4x",
    title: "Sensirion SHT4x: air temperature and humidity, I2C",
    kind: "i2c",
    channels: [AIR_TEMPERATURE, RELATIVE_HUMIDITY],
    imports: "Sht4x",
    driver: (bus) => `new Sht4x({ i2c: i2c(${bus}), address: 0x44 })`,
    part: (on) => ({ part: "sht4x", on, address: 0x44 }),
  },
  {
    id: "bme280",
    title: "Bosch BME280: air temperature, humidity and pressure, I2C",
    kind: "i2c",
    channels: [
      AIR_TEMPERATURE,
      RELATIVE_HUMIDITY,
      {
        name: "airPressure",
        mean: 94000,
        daily: 120,
        drift: 700,
        noise: 8,
        least: 30000,
        greatest: 110000,
        digits: 0,
      },
    ],
    imports: "Bme280",
    driver: (bus) => `new Bme280({ i2c: i2c(${bus}), address: 0x76 })`,
    part: (on) => ({ part: "bme280", on, address: 0x76 }),
  },
  {
    id: "ds18b20",
    title: "DS18B20: temperature of soil or water, 1-Wire",
    kind: "pin",
    channels: [
      { name: "soilTemperature", mean: 16, daily: 2, drift: 3, noise: 0.06, least: -55, greatest: 125, digits: 2 },
    ],
    imports: "Ds18b20",
    driver: (pin) => `new Ds18b20({ wire: oneWire(${pin}) })`,
    part: (on) => ({ part: "ds18b20", on }),
  },
  {
    id: "soil-moisture",
    title: "soil moisture probe, analog",
    kind: "analog",
    channels: [
      { name: "soilMoisture", mean: 0.35, daily: 0.02, drift: 0.15, noise: 0.004, least: 0, greatest: 1, digits: 3 },
    ],
    imports: "soilMoisture",
    driver: (pin) =>
      `soilMoisture({ input: analogInput(${pin}), dry: ${SOIL.dry}, soaked: ${SOIL.soaked} }) /* as calibrated there */`,
    part: (on) => ({
      part: "voltage",
      on,
      channel: "soilMoisture",
      points: [
        [SOIL.soaked, 1],
        [SOIL.dry, 0],
      ],
    }),
  },
  {
    id: "battery-voltage",
    title: "battery voltage through a divider, analog",
    kind: "analog",
    channels: [
      {
        name: "batteryVoltage",
        mean: 3.7,
        daily: 0.08,
        drift: 0.15,
        noise: 0.005,
        least: 2.6,
        greatest: 4.2,
        digits: 3,
      },
    ],
    imports: "batteryVoltage",
    driver: (pin) =>
      `batteryVoltage({ input: analogInput(${pin}), upperOhms: ${BATTERY.upperOhms}, lowerOhms: ${BATTERY.lowerOhms}, ` +
      `fullScaleVolts: ${BATTERY.fullScaleVolts}, minVolts: 2.5, maxVolts: 4.3 })`,
    part: (on) => ({
      part: "voltage",
      on,
      channel: "batteryVoltage",
      points: [
        [batteryFraction(2.5), 2.5],
        [batteryFraction(4.3), 4.3],
      ],
    }),
  },
  {
    id: "rain-gauge",
    title: "tipping-bucket rain gauge, pulses",
    kind: "counter",
    channels: [{ name: "rain", mean: -1.2, daily: 0.3, drift: 3.6, noise: 0, least: 0, greatest: 20, digits: 2 }],
    imports: "rainGauge",
    driver: (pin) => `rainGauge({ counter: pulseCounter(${pin}), clock: on.clock, mmPerTip: ${MM_PER_TIP} })`,
    // The recording has millimetres for each sample, as the driver gives them.
    part: (on) => ({ part: "contact", on, channel: "rain", hzPerUnit: 1 / MM_PER_TIP / SAMPLE_PERIOD_SEC }),
  },
  {
    id: "anemometer",
    title: "cup anemometer, pulses",
    kind: "counter",
    channels: [{ name: "windSpeed", mean: 3, daily: 2, drift: 2, noise: 0.4, least: 0, greatest: 40, digits: 1 }],
    imports: "anemometer",
    driver: (pin) =>
      `anemometer({ counter: pulseCounter(${pin}), clock: on.clock, metresPerSecondPerHz: ${METRES_PER_SECOND_PER_HZ} })`,
    part: (on) => ({
      part: "contact",
      on,
      channel: "windSpeed",
      hzPerUnit: 1 / METRES_PER_SECOND_PER_HZ,
      closedMs: 12,
    }),
  },
  {
    id: "feed",
    title: "air temperature and humidity that simulator or console feed in, for a board without buses",
    kind: "none",
    channels: [AIR_TEMPERATURE, RELATIVE_HUMIDITY],
    imports: "feed",
    driver: () =>
      `{ name: "airTemperature", unit: "Cel", min: -40, max: 85 }, { name: "relativeHumidity", unit: "%RH", min: 0, max: 100 }`,
    part: () => undefined,
  },
];
