import type { ClockRow, DeviceRow } from "../store/store.js";
import { textTable } from "./text-table.js";
import { durationText, timeText } from "./time-text.js";

const STATES = ["offline", "online", "sleeping"];

/** A device with its tags, and how its clock ran. */
export type DeviceWithClocks = DeviceRow & { readonly tags: readonly string[]; readonly clocks: readonly ClockRow[] };

/** Devices as a table, with a line for each that needs attention. */
export function devicesTable(rows: readonly DeviceWithClocks[]): string {
  const headings = ["device", "state", "last seen", "application", "model", "waiting", "stored", "repeats"];
  headings.push("conflicts", "evicted", "missing", "refused", "tags");
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
      row.tags.join(", "),
    ]),
  );
  return table + rows.flatMap(remarks).join("");
}

/** What an operator should know of a device. */
export function remarks(row: DeviceWithClocks): string[] {
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
  for (const clock of row.clocks) lines.push(...clockRemarks(clock).map((text) => `${row.device}: ${text}\n`));
  return lines;
}

const DAY_SEC = 86_400;

/** What is wrong with a device's clock in one epoch. */
function clockRemarks({ epoch, jumps, drifts, driftPpm, driftBoundPpm, contradictionMs }: ClockRow): string[] {
  const lines = jumps.map(({ at, byMs }) => {
    const way = byMs > 0 ? "forward" : "back";
    return `its clock jumped ${way} by ${durationText(Math.abs(byMs))} before ${timeText(at)} (epoch ${epoch}).`;
  });
  if (drifts && driftPpm !== null && driftBoundPpm !== null) {
    const rate = `${Math.round(Math.abs(driftPpm))} ± ${Math.ceil(driftBoundPpm)} ppm`;
    const aDay = `${Math.round((Math.abs(driftPpm) * DAY_SEC) / 1_000_000)} s a day`;
    lines.push(`its clock runs ${driftPpm > 0 ? "fast" : "slow"} by ${rate}, ${aDay} (epoch ${epoch}).`);
  }
  if (contradictionMs > 0) {
    const by = durationText(contradictionMs);
    lines.push(`what bounds the beginning of epoch ${epoch} contradicts itself by ${by}: a clock was moved.`);
  }
  return lines;
}
