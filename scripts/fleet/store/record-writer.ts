import type { Results } from "../messages/results.js";
import type { ResultRecord } from "../messages/senml-pack.js";
import { markClock } from "./clock-marks.js";
import type { Prepared, Row } from "./prepared.js";
import { trueSpan } from "./place-epochs.js";
import type { Arrival, Outcome } from "./store.js";

/** What makes two records the same (docs/protocol.md, "Identity"). */
type Content = readonly [
  epoch: number,
  epochSec: number,
  modelId: number,
  modelVersion: number,
  name: string,
  value: number | null,
];

/** Stores the records of one message: each is new, an equal repeat, or a conflict. */
export function writeRecords(sql: Prepared, arrival: Arrival, message: Results): Outcome {
  const { device, receivedAt } = arrival;
  const outcome = { stored: 0, repeats: 0, conflicts: 0 };
  const sequences = message.records.map((record) => record.sequence);
  const first = Math.min(...sequences);
  const last = Math.max(...sequences);
  const pruned = sql.all("prunedRanges", device, message.incarnation, last, first);
  for (const record of message.records) {
    if (isPruned(pruned, record.sequence)) outcome.repeats++;
    else if (insert(sql, arrival, message, record)) outcome.stored++;
    else if (conflicts(sql, arrival, message, record)) outcome.conflicts++;
    else outcome.repeats++;
  }
  sql.run("countResults", outcome.stored, outcome.repeats, outcome.conflicts, device);
  if (outcome.stored > 0) {
    sql.run("countIncarnation", outcome.stored, first, first, last, last, device, message.incarnation);
  }
  const oldest = message.records.reduce((age, record) => Math.max(age, record.epochSec), message.sentAtSec);
  // A message of an epoch that no status has told of is taken to be of a device as it was before.
  const place = [device, message.incarnation, message.epoch] as const;
  const clockPpm = Number(sql.one("clockPpm", ...place, device)?.["clock_ppm"]);
  const latestStart = Math.ceil(receivedAt - trueSpan(oldest, clockPpm).least);
  sql.run("boundEpoch", ...place, latestStart, oldest, null, null);
  if (clockPpm > 0) sql.run("knowClock", clockPpm, ...place, clockPpm);
  // Of an earlier epoch a device knows no more than when a record was made, which may be long before it was sent.
  // The clock of a device that sleeps is known to wander: it is not judged.
  if (oldest === message.sentAtSec && clockPpm === 0)
    markClock(sql, arrival, message.incarnation, message.epoch, oldest);
  raiseAckLevel(sql, device, message);
  return outcome;
}

/** Records that `retain` deleted are known by their sequences alone. */
function isPruned(ranges: readonly Row[], sequence: number): boolean {
  return ranges.some(
    (range) => Number(range["first_sequence"]) <= sequence && sequence <= Number(range["last_sequence"]),
  );
}

function insert(sql: Prepared, { device, receivedAt }: Arrival, message: Results, record: ResultRecord): boolean {
  const identity = [device, message.incarnation, record.sequence] as const;
  const place = [record.priority, message.epoch, record.epochSec, record.unixSec] as const;
  const content = [message.modelId, message.modelVersion, record.name, record.value] as const;
  return sql.run("insertRecord", ...identity, ...place, ...content, receivedAt) > 0;
}

/** True where the identity holds another content that was not seen before; it is then kept beside the first. */
function conflicts(sql: Prepared, { device, receivedAt }: Arrival, message: Results, record: ResultRecord): boolean {
  const row = sql.one("storedRecord", device, message.incarnation, record.sequence) ?? {};
  const { modelId, modelVersion } = message;
  const other = canonical([message.epoch, record.epochSec, modelId, modelVersion, record.name, record.value]);
  const stored = canonical(Object.values(row) as unknown as Content);
  if (other === stored) return false;
  return sql.run("insertConflict", device, message.incarnation, record.sequence, other, stored, receivedAt) > 0;
}

/** Text of a content, equal exactly where the contents are. Infinities would both be null in plain JSON. */
function canonical(content: Content): string {
  return JSON.stringify(content.map((field) => (field === Infinity ? "inf" : field === -Infinity ? "-inf" : field)));
}

/**
 * A device sends its oldest unacknowledged record first in each message of a class: with a message, the class is
 * committed up to the last of it.
 */
function raiseAckLevel(sql: Prepared, device: string, { records, incarnation }: Results): void {
  for (const { priority, sequence } of records) {
    sql.run(priority > 0 ? "raiseAckAlarm" : "raiseAckNormal", sequence, device, incarnation, sequence);
  }
}
