import type { Fault } from "./fault.js";
import type { FaultWindow } from "./placement.js";

const HOUR_MS = 3_600_000;

/** The fault that a part has at a time of the run; of windows that overlap the first counts. */
export function faultAt(windows: readonly FaultWindow[], nowMs: number): Fault {
  for (const { fault, fromHour, hours, everyHours } of windows) {
    const sinceMs = nowMs - fromHour * HOUR_MS;
    const intoMs = everyHours === undefined || sinceMs < 0 ? sinceMs : sinceMs % (everyHours * HOUR_MS);
    if (intoMs >= 0 && intoMs < hours * HOUR_MS) return fault;
  }
  return "none";
}

/** Hours of a run of `days` in which a part has a fault. */
export function faultyHours(windows: readonly FaultWindow[], days: number): number {
  const STEP_MS = 60_000;
  let steps = 0;
  for (let atMs = 0; atMs < days * 24 * HOUR_MS; atMs += STEP_MS) if (faultAt(windows, atMs) !== "none") steps++;
  return (steps * STEP_MS) / HOUR_MS;
}
