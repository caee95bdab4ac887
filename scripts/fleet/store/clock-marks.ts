import { type ClockMark, judgeClock, TOLERATED_PPM } from "./judge-clock.js";
import type { Prepared } from "./prepared.js";
import type { Arrival, ClockRow } from "./store.js";

const HOUR_MS = 3_600_000;

/**
 * Keeps what a message says of its epoch's beginning, where it is the least of its hour. What comes of an epoch after
 * the next one has begun says nothing of its clock.
 * @param sentAtSec the epoch's age when the message was sent
 */
export function markClock(
  sql: Prepared,
  { device, receivedAt }: Arrival,
  incarnation: number,
  epoch: number,
  sentAtSec: number,
): void {
  const hour = Math.floor(receivedAt / HOUR_MS);
  const start = receivedAt - sentAtSec * 1000;
  sql.run("markClock", device, incarnation, epoch, hour, receivedAt, start, device, incarnation, epoch);
}

/** Judges the clock in each epoch of a device, in their order. */
export function readClocks(sql: Prepared, device: string): ClockRow[] {
  const marks = new Map<string, ClockMark[]>();
  for (const row of sql.each("clockMarks", device)) {
    const key = `${String(row["incarnation"])}/${String(row["epoch"])}`;
    const mark = { receivedAt: Number(row["received_at"]), startMs: Number(row["start_ms"]) };
    const known = marks.get(key);
    if (known === undefined) marks.set(key, [mark]);
    else known.push(mark);
  }
  return sql.all("epochsOfDevice", device).map((row) => {
    const verdict = judgeClock(marks.get(`${String(row["incarnation"])}/${String(row["epoch"])}`) ?? []);
    const earliest = row["earliest_start"] === null ? -Infinity : Number(row["earliest_start"]);
    const crossedMs = earliest - Number(row["latest_start"]);
    const toleratedMs = (Number(row["age_sec"]) * TOLERATED_PPM) / 1000;
    return {
      incarnation: Number(row["incarnation"]),
      epoch: Number(row["epoch"]),
      ...verdict,
      contradictionMs: crossedMs > toleratedMs ? crossedMs : 0,
    };
  });
}
