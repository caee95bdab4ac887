import { sequenceOld, sequenceTaken } from "../../errors/rollout.js";
import { DeviceUpdateState } from "../messages/update-state.js";
import type { Prepared, Row } from "./prepared.js";
import type { PublishedUpdate, PublishOutcome, UpdatePhase } from "./update-store.js";

/** Publishes updates to devices; the caller holds the transaction. @throws SertaoError OTA_SEQUENCE_TAKEN, OTA_SEQUENCE_OLD */
export function publishUpdates(
  sql: Prepared,
  updates: readonly PublishedUpdate[],
  devices: readonly string[],
  now: number,
): PublishOutcome {
  const ordered = updates.toSorted((a, b) => a.sequence - b.sequence);
  for (const update of ordered) keep(sql, update, now);
  const published: string[] = [];
  const known: string[] = [];
  for (const device of devices) (offer(sql, ordered, device, now) ? published : known).push(device);
  return { published, known };
}

/** Keeps an update with its bytes, so that its file is not needed any more. */
function keep(sql: Prepared, update: PublishedUpdate, now: number): void {
  const { sequence, kind, keySlot, companion } = update;
  const envelope = Buffer.from(update.envelope).toString("hex");
  const image = Buffer.from(update.image).toString("hex");
  if (sql.run("insertUpdate", sequence, kind, keySlot, companion, now, envelope, image) > 0) return;
  const stored = sql.one("update", sequence);
  if (stored?.["envelope"] !== envelope || stored["image"] !== image) throw sequenceTaken(sequence);
}

/** Opens updates with a device; false where it has all of them already. */
function offer(sql: Prepared, updates: readonly PublishedUpdate[], device: string, now: number): boolean {
  const own = updates.map(({ sequence }) => sequence);
  const phases = new Map(
    sql.all("deviceUpdates", device, device).map((row) => [Number(row["sequence"]), row["phase"] as UpdatePhase]),
  );
  const closed = updates.filter(({ sequence }) => {
    const phase = phases.get(sequence);
    return phase === undefined || phase === "withdrawn" || phase === "superseded";
  });
  if (closed.length === 0) return false;
  const others = sql
    .all("sequencesOfDevice", device, device)
    .map((row) => Number(row["sequence"]))
    .filter((sequence) => !own.includes(sequence));
  const greatest = Math.max(0, ...others);
  const least = Math.min(...closed.map(({ sequence }) => sequence));
  if (greatest >= least) throw sequenceOld(device, least, greatest);
  supersede(sql, updates, device, now);
  for (const { sequence } of closed) sql.run("openUpdate", device, sequence, now, now);
  return true;
}

/** Ends what the device does not have yet and the new updates replace, and what waits for that as its companion. */
function supersede(sql: Prepared, updates: readonly PublishedUpdate[], device: string, now: number): void {
  const first = updates[0]!.sequence;
  const rows = sql.all("activeUpdates", device, device).filter((row) => Number(row["sequence"]) < first);
  const isReplaced = (row: Row): boolean =>
    row["phase"] === "open" && updates.some(({ kind, keySlot }) => row["kind"] === kind && row["key_slot"] === keySlot);
  const replaced = rows.filter(isReplaced);
  const sequences = new Set(replaced.map((row) => Number(row["sequence"])));
  const waiting = rows.filter(
    (row) => sequences.has(Number(row["companion"])) && Number(row["state"]) < DeviceUpdateState.TRIAL,
  );
  for (const row of new Set([...replaced, ...waiting]))
    sql.run("endUpdate", "superseded", now, device, Number(row["sequence"]));
}
