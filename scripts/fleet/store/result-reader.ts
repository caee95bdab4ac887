import { type EpochBounds, type EpochFacts, placeEpochs, trueSpan } from "./place-epochs.js";
import type { Prepared, Row } from "./prepared.js";
import type { ResultRow, ResultsQuery } from "./store.js";

/** Reads results with their place in time, oldest received first. */
export function readResults(sql: Prepared, query: ResultsQuery): ResultRow[] {
  const bounds = readBounds(sql);
  // A result is received after it was made, so this leaves out none that `since` wants.
  const since = query.since ?? 0;
  const rows =
    query.device === undefined ? sql.each("results", since) : sql.each("resultsOfDevice", since, query.device);
  const limit = query.limit ?? Infinity;
  const results: ResultRow[] = [];
  for (const row of rows) {
    if (results.length >= limit) break;
    const result = toResult(row, bounds.get(epochKey(row)));
    if (result.at >= since) results.push(result);
  }
  return results.reverse();
}

interface Placed extends EpochBounds {
  readonly clockPpm: number;
}

function readBounds(sql: Prepared): Map<string, Placed> {
  const byDevice = new Map<string, Row[]>();
  for (const row of sql.all("epochs")) {
    const device = String(row["device"]);
    const rows = byDevice.get(device);
    if (rows === undefined) byDevice.set(device, [row]);
    else rows.push(row);
  }
  const bounds = new Map<string, Placed>();
  for (const rows of byDevice.values()) {
    placeEpochs(rows.map(toFacts)).forEach((placed, index) => {
      const row = rows[index]!;
      bounds.set(epochKey(row), { ...placed, clockPpm: Number(row["clock_ppm"]) });
    });
  }
  return bounds;
}

function toFacts(row: Row): EpochFacts {
  return {
    latestStart: Number(row["latest_start"]),
    ageSec: Number(row["age_sec"]),
    aliveAt: row["alive_at"] === null ? null : Number(row["alive_at"]),
    earliestStart: row["earliest_start"] === null ? null : Number(row["earliest_start"]),
    clockPpm: Number(row["clock_ppm"]),
  };
}

function epochKey(row: Row): string {
  return `${String(row["device"])}/${String(row["incarnation"])}/${String(row["epoch"])}`;
}

function toResult(row: Row, bounds: Placed | undefined): ResultRow {
  const epochSec = Number(row["epoch_sec"]);
  const receivedAt = Number(row["received_at"]);
  const offset = trueSpan(epochSec, bounds?.clockPpm ?? 0);
  const unixSec = row["unix_sec"];
  const synchronised = typeof unixSec === "number";
  const at = synchronised ? unixSec * 1000 : latest(bounds, offset.most, receivedAt);
  const earliest = bounds === undefined || bounds.earliest === null ? null : Math.floor(bounds.earliest + offset.least);
  return {
    device: String(row["device"]),
    incarnation: Number(row["incarnation"]),
    sequence: Number(row["sequence"]),
    priority: Number(row["priority"]),
    epoch: Number(row["epoch"]),
    epochSec,
    name: String(row["name"]),
    value: row["value"] === null ? null : Number(row["value"]),
    modelId: Number(row["model_id"]),
    modelVersion: Number(row["model_version"]),
    receivedAt,
    at,
    earliest: synchronised ? at : earliest,
    synchronised,
  };
}

/** The latest time that a record can have been made; a device that sleeps made it before it came, at least. */
function latest(bounds: Placed | undefined, offsetMs: number, receivedAt: number): number {
  if (bounds === undefined) return receivedAt;
  const atMs = Math.ceil(bounds.latest + offsetMs);
  return bounds.clockPpm > 0 ? Math.min(atMs, receivedAt) : atMs;
}
