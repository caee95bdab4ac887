import type { LogLine } from "../messages/log.js";
import type { Status } from "../messages/status.js";
import { markClock } from "./clock-marks.js";
import { earliestStart } from "./place-epochs.js";
import type { Prepared } from "./prepared.js";
import { writeRecords } from "./record-writer.js";
import type { Arrival, Outcome, Refused } from "./store.js";
import { writeUpdateState } from "./update-state-writer.js";

const NOTHING: Outcome = { stored: 0, repeats: 0, conflicts: 0 };
/** A device that sends nothing valid must not fill the disk: its later refusals are counted only. */
const MAX_REFUSALS = 1000;
const OFFLINE = 0;

/** Writes one arrival; the caller holds the transaction. */
export function writeArrival(sql: Prepared, arrival: Arrival): Outcome {
  const outcome = write(sql, arrival);
  const { asksLevels, device, message } = arrival;
  if (asksLevels !== true || message.kind !== "results") return outcome;
  const row = sql.one("ackLevels", device, message.incarnation);
  return { ...outcome, levels: { normal: Number(row?.["ack_normal"]), alarm: Number(row?.["ack_alarm"]) } };
}

function write(sql: Prepared, arrival: Arrival): Outcome {
  const { device, receivedAt, message } = arrival;
  const isOfflineNotice = message.kind === "status" && message.state === OFFLINE;
  // An offline notice is the broker's word, and a retained copy is old: neither is a sign of life.
  const fresh = arrival.retained !== true && !isOfflineNotice;
  sql.run(fresh ? "touchDevice" : "knowDevice", device, receivedAt, receivedAt);
  switch (message.kind) {
    case "results":
      sql.run("knowIncarnation", device, message.incarnation, device);
      return writeRecords(sql, arrival, message);
    case "status":
      writeStatus(sql, arrival, message);
      return NOTHING;
    case "log":
      writeLog(sql, arrival, message);
      return NOTHING;
    case "update/state":
      return { ...NOTHING, isNews: writeUpdateState(sql, arrival, message) };
    case "update/request":
      return NOTHING;
    case "refused":
      writeRefusal(sql, arrival, message);
      return NOTHING;
  }
}

function writeStatus(sql: Prepared, arrival: Arrival, status: Status): void {
  const { device } = arrival;
  const software = [status.application ?? null, status.runtime ?? null, status.board ?? null] as const;
  const model = [status.model?.id ?? null, status.model?.version ?? null] as const;
  const boot = [status.resetReason ?? null, status.boots ?? null] as const;
  const condition = [status.supplyMillivolts ?? null, status.freeBytes ?? null, status.waiting ?? null] as const;
  const errors = status.errors === undefined ? null : JSON.stringify(status.errors);
  sql.run("updateStatus", status.state, ...software, ...model, ...boot, ...condition, errors, device);
  if (status.incarnation === undefined) return;
  const { incarnation, evicted, epoch, epochSec } = status;
  sql.run("knowIncarnation", device, incarnation, device);
  if (evicted !== undefined) {
    const { normal, alarm } = evicted;
    sql.run("updateEvicted", normal, normal, alarm, alarm, device, incarnation);
  }
  if (epoch === undefined || epochSec === undefined) return;
  const latestStart = arrival.receivedAt - epochSec * 1000;
  const earliest = status.timed === undefined ? null : earliestStart(status.timed);
  const isCopy = arrival.retained === true;
  const aliveAt = isCopy ? null : (arrival.connectedAt ?? null);
  sql.run("boundEpoch", device, incarnation, epoch, latestStart, epochSec, aliveAt, earliest);
  if (!isCopy) markClock(sql, arrival, incarnation, epoch, epochSec);
}

function writeLog(sql: Prepared, { device, receivedAt }: Arrival, line: LogLine): void {
  const { incarnation, epoch, uptimeSec, level, text, dropped } = line;
  sql.run("insertLog", device, receivedAt, incarnation, epoch, uptimeSec, level, text, dropped);
}

function writeRefusal(sql: Prepared, { device, receivedAt }: Arrival, refused: Refused): void {
  sql.run("countRefused", device);
  const held = Number(sql.one("refusalCount", device)?.["held"]);
  if (held >= MAX_REFUSALS) return;
  const hex = Buffer.from(refused.bytes).toString("hex");
  sql.run("insertRefusal", device, receivedAt, refused.topic, refused.reason, hex);
}
