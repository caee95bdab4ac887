import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Readings } from "../readings/readings.js";

/** Bytes of one value: a number in decimal, with its line end. */
export const VALUE_BYTES = 14;
/** Readings are given to the engine in steps of a minute. */
export const STEP_MS = 60_000;

/** Writes one text file per channel, values of one width, so that the engine can seek. */
export function writeReadings(
  folder: string,
  readings: Readings,
  channels: readonly string[],
  startMs: number,
  durationMs: number,
): void {
  channels.forEach((channel, index) => {
    const file = openSync(join(folder, `readings${index}.txt`), "w");
    const lines: string[] = [];
    for (let atMs = 0; atMs <= durationMs; atMs += STEP_MS) {
      const value = readings.read(channel, startMs + atMs);
      lines.push((value === undefined ? "nan" : value.toFixed(6)).padStart(VALUE_BYTES - 1) + "\n");
    }
    writeSync(file, lines.join(""));
    closeSync(file);
  });
}
