import { type EpochBounds, type EpochFacts, placeEpochs } from "./place-epochs.js";
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

function readBounds(sql: Prepared): Map<string, EpochBounds> {
  const byDevice = new Map<string, Row[]>();
  for (const row of sql.all("epochs")) {
    const device = String(row["device"]);
    const rows = byDevice.get(device);
    if (rows === undefined) byDevice.set(device, [row]);
    else rows.push(row);
  }
  const bounds = new Map<string, EpochBounds>();
  for (const rows of byDevice.values()) {
    placeEpochs(rows.map(toFacts)).forEach((placed, index) => bounds.set(epochKey(rows[index]!), placed));
  }
  return bounds;
}

function toFacts(row: Row): EpochFacts {
  return {
    latestStart: Number(row["latest_start"]),
    ageSec: Number(row["age_sec"]),
    aliveAt: row["alive_at"] === null ? null : Number(row["alive_at"]),
    earliestStart: row["earliest_start"] === null ? null : Number(row["earliest_start"]),
  };
}

function epochKey(row: Row): string {
  return `${String(row["device"])}/${String(row["incarnation"])}/${String(row["epoch"])}`;
}

function toResult(row: Row, bounds: EpochBounds | undefined): ResultRow {
  const epochSec = Number(row["epoch_sec"]);
  const receivedAt = Number(row["received_at"]);
  const offset = epochSec * 1000;
  const unixSec = row["unix_sec"];
  const synchronised = typeof unixSec === "number";
  const at = synchronised ? unixSec * 1000 : bounds === undefined ? receivedAt : bounds.latest + offset;
  const earliest = bounds === undefined || bounds.earliest === null ? null : bounds.earliest + offset;
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
