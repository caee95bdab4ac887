import type { AnalogInput } from "../../lib/hal/analog-input.js";
import type { DigitalOutput } from "../../lib/hal/digital-output.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import { AnalogSensor } from "./analog.js";

export const batteryVoltageFacts: DriverFacts = {
  driver: "battery-voltage",
  part: "a battery through a divider",
  bus: "analog",
  datasheet: "its resistors, and full scale against a voltmeter",
  blindTo: "a resistor that drifts",
};

/** A battery behind two resistors: the input sees lower / (upper + lower) of its voltage. */
export interface BatteryPlace {
  readonly input: AnalogInput;
  readonly upperOhms: number;
  readonly lowerOhms: number;
  /** The converter's full scale, measured against a voltmeter: chips of one kind differ by a tenth. */
  readonly fullScaleVolts: number;
  /** What the battery can have; anything else is a fault of the divider. */
  readonly minVolts: number;
  readonly maxVolts: number;
  /** Switches the divider, so that it does not drain the battery. */
  readonly supply?: DigitalOutput;
  readonly settleMs?: number;
}

/** Channel `batteryVoltage`, in volts. */
export function batteryVoltage(at: BatteryPlace): AnalogSensor {
  const fullScale = (at.fullScaleVolts * (at.upperOhms + at.lowerOhms)) / at.lowerOhms;
  return new AnalogSensor({
    input: at.input,
    channel: { name: "batteryVoltage", unit: "V", min: at.minVolts, max: at.maxVolts },
    points: [
      [0, 0],
      [1, fullScale],
    ],
    supply: at.supply,
    settleMs: at.settleMs,
  });
}
