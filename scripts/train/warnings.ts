import type { Dataset } from "./dataset.js";

/** How a model that looks ahead does as an alarm: events instead of rows. */
export interface WarningSummary {
  readonly events: number;
  /** Events warned of before they began. */
  readonly warned: number;
  /** Lead of each warned event, in rows, ascending. */
  readonly leads: readonly number[];
  /** Runs of "yes" with no event in reach. */
  readonly falseAlarms: number;
}

/**
 * Counts events and warnings in one run of consecutive rows. A row is positive where an event comes within
 * `horizonRows`, so an event begins `horizonRows` after the first positive row; positives less than that apart are one
 * event. Events in reach of the run's first row are left out: nobody could have warned of them.
 */
export function summarizeWarnings(decided: ArrayLike<number>, run: Dataset, horizonRows: number): WarningSummary {
  const events = episodes(run.labels, run.rows, horizonRows).filter(([first]) => first > 0);
  const alarms = episodes(decided, run.rows, horizonRows);
  const leads: number[] = [];
  for (const [first] of events) {
    for (let row = first; row < Math.min(run.rows, first + horizonRows); row++) {
      if (!decided[row]) continue;
      leads.push(first + horizonRows - row);
      break;
    }
  }
  const falseAlarms = alarms.filter(([first, last]) => {
    for (let row = first; row <= last; row++) if (run.labels[row]) return false;
    return true;
  }).length;
  return { events: events.length, warned: leads.length, leads: leads.sort((a, b) => a - b), falseAlarms };
}

/** First and last row of each run of ones; those at most `gap` rows apart are joined. */
function episodes(flags: ArrayLike<number>, rows: number, gap: number): [number, number][] {
  const found: [number, number][] = [];
  for (let row = 0; row < rows; row++) {
    if (!flags[row]) continue;
    const last = found.at(-1);
    if (last !== undefined && row - last[1] <= gap) last[1] = row;
    else found.push([row, row]);
  }
  return found;
}

/** Sums over several runs. */
export function joinWarnings(parts: readonly WarningSummary[]): WarningSummary {
  return {
    events: parts.reduce((sum, part) => sum + part.events, 0),
    warned: parts.reduce((sum, part) => sum + part.warned, 0),
    leads: parts.flatMap((part) => [...part.leads]).sort((a, b) => a - b),
    falseAlarms: parts.reduce((sum, part) => sum + part.falseAlarms, 0),
  };
}
