import type { DeviceRow } from "../store/store.js";
import { textTable } from "./text-table.js";
import { timeText } from "./time-text.js";

const STATES = ["offline", "online", "sleeping"];

/** Devices as a table, with a line for each that needs attention. */
export function devicesTable(rows: readonly DeviceRow[]): string {
  const headings = ["device", "state", "last seen", "application", "model", "waiting", "stored", "repeats"];
  headings.push("conflicts", "evicted", "missing", "refused");
  const table = textTable(
    headings,
    rows.map((row) => [
      row.device,
      row.state === null ? "-" : (STATES[row.state] ?? "-"),
      timeText(row.lastSeen),
      row.application ?? "-",
      row.modelId === null ? "-" : `${row.modelId.toString(16).padStart(8, "0")} v${row.modelVersion}`,
      row.waiting ?? "-",
      row.records,
      row.repeats,
      row.conflicts,
      row.evicted,
      row.missing,
      row.refused,
    ]),
  );
  return table + rows.flatMap(remarks).join("");
}

/** What an operator should know of a device. */
export function remarks(row: DeviceRow): string[] {
  const lines: string[] = [];
  if (row.conflicts > 0) {
    lines.push(`${row.device}: cloned or reset device: ${row.conflicts} records under an identity that was taken.\n`);
  }
  if (row.unexplained > 0) {
    lines.push(
      `${row.device}: ${row.unexplained} missing records that no eviction explains; they may be on the way.\n`,
    );
  }
  if (row.refused > 0) lines.push(`${row.device}: ${row.refused} messages that break the protocol were refused.\n`);
  if (row.errors.length > 0) lines.push(`${row.device}: reports errors ${row.errors.join(", ")} (docs/errors.md).\n`);
  return lines;
}
