import { SeededRandom } from "../readings/seeded-random.js";
import type { ExampleChannel } from "./sensor-choices.js";
import { SAMPLE_PERIOD_SEC } from "./sensor-choices.js";

/** Column with the class: 1 where the application is to say yes. */
export const LABEL_COLUMN = "alert";
const DAYS = 21;
const START_MS = Date.UTC(2026, 0, 5);
const DAY_SEC = 86400;
/** Spells of weather last a few days each; no two have lengths in a whole proportion. */
const SPELL_DAYS = [2.3, 3.7, 5.9];
/** The first channel raises an alert where it is this high among its own values. */
const ALERT_QUANTILE = 0.8;

/**
 * A recording that is made up, so that everything runs before there is a real one: days, spells of weather and noise for
 * each channel, and an alert where the first channel is high.
 * @returns CSV text; the same for the same channels
 */
export function exampleRecording(channels: readonly ExampleChannel[]): string {
  const rows = (DAYS * DAY_SEC) / SAMPLE_PERIOD_SEC;
  const signals = channels.map((channel, index) => signalOf(channel, index, rows));
  const sorted = Float64Array.from(signals[0]!.pure).sort();
  const alertAbove = sorted[Math.floor(ALERT_QUANTILE * rows)]!;
  const lines = [["time", ...channels.map(({ name }) => name), LABEL_COLUMN].join(",")];
  for (let row = 0; row < rows; row++) {
    const time = new Date(START_MS + row * SAMPLE_PERIOD_SEC * 1000).toISOString().slice(0, 19) + "Z";
    const readings = signals.map(({ read }, i) => read[row]!.toFixed(channels[i]!.digits));
    lines.push([time, ...readings, signals[0]!.pure[row]! > alertAbove ? "1" : "0"].join(","));
  }
  return lines.join("\n") + "\n";
}

interface Signal {
  readonly pure: Float64Array;
  readonly read: Float64Array;
}

function signalOf(channel: ExampleChannel, index: number, rows: number): Signal {
  const random = new SeededRandom(index + 1);
  const phases = SPELL_DAYS.map(() => random.uniform() * 2 * Math.PI);
  const pure = new Float64Array(rows);
  const read = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const day = (row * SAMPLE_PERIOD_SEC) / DAY_SEC;
    // Warmest in the afternoon, as air is.
    const ofDay = Math.sin(2 * Math.PI * (day - 0.375));
    const ofSpell = SPELL_DAYS.reduce((sum, length, i) => sum + Math.sin((2 * Math.PI * day) / length + phases[i]!), 0);
    pure[row] = channel.mean + channel.daily * ofDay + (channel.drift * ofSpell) / SPELL_DAYS.length;
    const noise = channel.noise * random.normal();
    read[row] = Math.min(channel.greatest, Math.max(channel.least, pure[row]! + noise));
  }
  return { pure, read };
}
