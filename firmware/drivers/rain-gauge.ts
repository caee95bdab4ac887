import type { Clock } from "../../lib/hal/clock.js";
import type { PulseCounter } from "../../lib/hal/pulse-counter.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import { PulseSensor } from "./pulses.js";

/** A bucket of a few millilitres takes longer to fill, in any rain, and its reed contact stops bouncing earlier. */
const DEBOUNCE_MS = 20;
/** What fell before counting began, nobody knows: the sample that opens the gauge has no value. */
const WARM_UP_MS = 1;
/** More than any recorded rain between two samples of an hour: beyond it somebody cleans the gauge. */
const MAX_MM = 400;

export const rainGaugeFacts: DriverFacts = {
  driver: "rain-gauge",
  part: "tipping-bucket rain gauge",
  bus: "pulses",
  datasheet: "the gauge's label (millimetres per tip)",
  blindTo: "a cut cable, which reads as no rain; a contact that stays closed; a clogged funnel",
};

/** Where a gauge hangs. */
export interface RainGaugePlace {
  readonly counter: PulseCounter;
  readonly clock: Clock;
  /** 0.2794 (0.011 inch) for the gauge of the common weather-meter kits. */
  readonly mmPerTip: number;
}

/** Channel `rain`: millimetres since the sample before. The first sample, just after opening, has none. */
export function rainGauge({ counter, clock, mmPerTip }: RainGaugePlace): PulseSensor {
  return new PulseSensor({
    counter,
    clock,
    channel: { name: "rain", unit: "mm", min: 0, max: MAX_MM },
    debounceMs: DEBOUNCE_MS,
    warmUpMs: WARM_UP_MS,
    value: (tips) => tips * mmPerTip,
  });
}
