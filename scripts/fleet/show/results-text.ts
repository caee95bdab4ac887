import type { ResultRow } from "../store/store.js";
import { csv, textTable } from "./text-table.js";
import { durationText, timeText } from "./time-text.js";

const COLUMNS = [
  "device",
  "incarnation",
  "sequence",
  "priority",
  "epoch",
  "epochSec",
  "name",
  "value",
  "modelId",
  "modelVersion",
  "receivedAt",
  "at",
  "earliest",
  "synchronised",
] as const satisfies readonly (keyof ResultRow)[];

/**
 * Results as a table for people. Time is the middle of what is possible, with how far off it can be; where nothing
 * bounds it from below, it is the latest possible.
 */
export function resultsTable(rows: readonly ResultRow[]): string {
  const headings = ["time", "±", "device", "name", "value", "class", "sequence"];
  const ordered = rows.toSorted((a, b) => a.at - b.at || a.sequence - b.sequence);
  return textTable(
    headings,
    ordered.map((row) => [
      ...timeAndBound(row),
      row.device,
      row.name,
      row.value === null ? "-" : Number(row.value.toPrecision(7)),
      row.priority === 1 ? "alarm" : "normal",
      row.sequence,
    ]),
  );
}

function timeAndBound({ at, earliest, synchronised }: ResultRow): [time: string, bound: string] {
  if (synchronised) return [timeText(at), "(device clock)"];
  if (earliest === null) return [timeText(at), "or earlier"];
  if (earliest > at) return [timeText(at), "(clocks disagree)"];
  const halfMs = (at - earliest) / 2;
  return [timeText(at - halfMs), durationText(halfMs)];
}

/** Results as CSV, every column. */
export function resultsCsv(rows: readonly ResultRow[]): string {
  return csv(
    COLUMNS,
    rows.map((row) => COLUMNS.map((column) => (typeof row[column] === "boolean" ? Number(row[column]) : row[column]))),
  );
}
