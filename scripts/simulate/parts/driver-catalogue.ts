import { AnalogSensor, analogFacts } from "../../../firmware/drivers/analog.js";
import { anemometer, anemometerFacts } from "../../../firmware/drivers/anemometer.js";
import { batteryVoltage, batteryVoltageFacts } from "../../../firmware/drivers/battery-voltage.js";
import { Bme280, bme280Facts } from "../../../firmware/drivers/bme280.js";
import { Ds18b20, ds18b20Facts } from "../../../firmware/drivers/ds18b20.js";
import { rainGauge, rainGaugeFacts } from "../../../firmware/drivers/rain-gauge.js";
import { Sht4x, sht4xFacts } from "../../../firmware/drivers/sht4x.js";
import { soilMoisture, soilMoistureFacts } from "../../../firmware/drivers/soil-moisture.js";
import type { DriverFacts } from "../../../lib/sensing/driver-facts.js";
import type { SensorDriver } from "../../../lib/sensing/sensor.js";

/** A driver, and an instance of it that is wired to nothing. */
export interface CataloguedDriver {
  readonly facts: DriverFacts;
  readonly driver: SensorDriver;
  /** True where channel and range are the application's. */
  readonly isOpenEnded?: boolean;
}

const i2c = { write: () => 0, read: () => 0 };
const wire = { reset: () => false, write: () => undefined, read: () => undefined };
const input = { read: () => 0 };
const counter = { open: () => undefined, take: () => 0, close: () => undefined };
const clock = { nowMs: () => 0, after: () => 0, cancel: () => undefined };
const channel = { name: "of the application", unit: "any", min: 0, max: 0 };

/** Every driver, in the order of the documents. */
export const driverCatalogue: readonly CataloguedDriver[] = [
  { facts: bme280Facts, driver: new Bme280({ i2c, address: 0x76 }) },
  { facts: sht4xFacts, driver: new Sht4x({ i2c, address: 0x44 }) },
  { facts: ds18b20Facts, driver: new Ds18b20({ wire }) },
  { facts: rainGaugeFacts, driver: rainGauge({ counter, clock, mmPerTip: 1 }) },
  { facts: anemometerFacts, driver: anemometer({ counter, clock, metresPerSecondPerHz: 1 }) },
  { facts: soilMoistureFacts, driver: soilMoisture({ input, dry: 0, soaked: 1 }) },
  {
    facts: batteryVoltageFacts,
    driver: batteryVoltage({ input, upperOhms: 1, lowerOhms: 1, fullScaleVolts: 1, minVolts: 0, maxVolts: 1 }),
    isOpenEnded: true,
  },
  { facts: analogFacts, driver: new AnalogSensor({ input, channel, points: [] }), isOpenEnded: true },
];
