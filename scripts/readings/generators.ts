import { orchardReadings } from "./orchard.js";

/** Readings of which the truth is known. */
export interface LabelledReadings {
  read(channel: string, timeMs: number): number | undefined;
  /** Class of the moment: 0 or 1 here. */
  label(timeMs: number): number;
}

/** Makes labelled readings; `horizonMs` is how far ahead the label looks. */
export type ReadingsGenerator = (seed: number, startMs: number, days: number, horizonMs: number) => LabelledReadings;

/** Generators that a training configuration can name. */
export const generators: Readonly<Record<string, ReadingsGenerator>> = {
  orchard: (seed, startMs, days, horizonMs) => {
    const readings = orchardReadings(seed, startMs, days);
    return {
      read: readings.read,
      label: (timeMs) => (readings.frostWithin(timeMs, horizonMs) ? 1 : 0),
    };
  },
};
