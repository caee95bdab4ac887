import type { Clock } from "../../lib/hal/clock.js";
import type { PulseCounter } from "../../lib/hal/pulse-counter.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import { PulseSensor } from "./pulses.js";

/** Lets 250 pulses a second through, far more than any wind gives. */
const DEBOUNCE_MS = 2;
/** In less, a pulse more or less is most of the value. */
const WARM_UP_MS = 1000;
/** Beyond a hurricane. */
const MAX_MS = 75;

export const anemometerFacts: DriverFacts = {
  driver: "anemometer",
  part: "cup anemometer with a contact",
  bus: "pulses",
  datasheet: "the anemometer's label (metres per second at one pulse per second)",
  blindTo: "a cut cable or frozen cups, which read as calm",
};

/** Where an anemometer hangs. */
export interface AnemometerPlace {
  readonly counter: PulseCounter;
  readonly clock: Clock;
  /** 0.667 (2.4 km/h) for the anemometer of the common weather-meter kits. */
  readonly metresPerSecondPerHz: number;
}

/** Channel `windSpeed`: mean since the sample before, metres per second. The first sample, just after opening, has none. */
export function anemometer({ counter, clock, metresPerSecondPerHz }: AnemometerPlace): PulseSensor {
  return new PulseSensor({
    counter,
    clock,
    channel: { name: "windSpeed", unit: "m/s", min: 0, max: MAX_MS },
    debounceMs: DEBOUNCE_MS,
    warmUpMs: WARM_UP_MS,
    value: (pulses, seconds) => (pulses * metresPerSecondPerHz) / seconds,
  });
}
