import { ORCHARD_START_MS, orchardReadings } from "../../readings/orchard.js";
import type { Readings } from "./readings.js";

/** A source of readings that an application's `sertao.json` can name. */
export interface ReadingsSource {
  readonly startMs: number;
  make(seed: number, days: number): Readings;
}

/** Sources by name. */
export const readingsSources: Readonly<Record<string, ReadingsSource>> = {
  orchard: {
    startMs: ORCHARD_START_MS,
    make: (seed, days) => orchardReadings(seed, ORCHARD_START_MS, days),
  },
};
