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

/** Results as a table for people. Time is the latest it can have been, with how much earlier it can have been. */
export function resultsTable(rows: readonly ResultRow[]): string {
  const headings = ["time", "or earlier by", "device", "name", "value", "class", "sequence"];
  const ordered = rows.toSorted((a, b) => a.at - b.at || a.sequence - b.sequence);
  return textTable(
    headings,
    ordered.map((row) => [
      timeText(row.at),
      bound(row),
      row.device,
      row.name,
      row.value === null ? "-" : Number(row.value.toPrecision(7)),
      row.priority === 1 ? "alarm" : "normal",
      row.sequence,
    ]),
  );
}

function bound(row: ResultRow): string {
  if (row.synchronised) return "(device clock)";
  if (row.earliest === null) return "?";
  return row.earliest > row.at ? "(clocks disagree)" : durationText(row.at - row.earliest);
}

/** Results as CSV, every column. */
export function resultsCsv(rows: readonly ResultRow[]): string {
  return csv(
    COLUMNS,
    rows.map((row) => COLUMNS.map((column) => (typeof row[column] === "boolean" ? Number(row[column]) : row[column]))),
  );
}
