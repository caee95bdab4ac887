import type { AnalogInput } from "../../lib/hal/analog-input.js";
import type { DigitalOutput } from "../../lib/hal/digital-output.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import { AnalogSensor } from "./analog.js";

/** How far beyond its calibration a probe may read: more is a broken wire or a short. */
const SLACK = 0.15;

export const soilMoistureFacts: DriverFacts = {
  driver: "soil-moisture",
  part: "a capacitive or resistive soil probe",
  bus: "analog",
  datasheet: "a calibration in dry and in soaked soil of the place",
  blindTo: "a probe that has lost contact with the soil",
};

/** A probe whose voltage depends on the water around it. */
export interface SoilMoisturePlace {
  readonly input: AnalogInput;
  /** Fraction of full scale in dry soil of the place, and in the same soil when it is soaked. */
  readonly dry: number;
  readonly soaked: number;
  /** Switches the probe's supply: it needs no current between readings, and some corrode of it. */
  readonly supply?: DigitalOutput;
  readonly settleMs?: number;
}

/**
 * Channel `soilMoisture`: 0 as in dry soil, 1 as in soaked soil, a straight line between. It is no water content by volume:
 * that depends on the soil, and takes weighed samples to calibrate.
 */
export function soilMoisture(at: SoilMoisturePlace): AnalogSensor {
  const dry = [at.dry, 0];
  const soaked = [at.soaked, 1];
  return new AnalogSensor({
    input: at.input,
    channel: { name: "soilMoisture", unit: "/", min: -SLACK, max: 1 + SLACK },
    points: at.dry < at.soaked ? [dry, soaked] : [soaked, dry],
    supply: at.supply,
    settleMs: at.settleMs,
  });
}
