import type { AckLevels } from "../messages/ack.js";
import type { Prepared } from "./prepared.js";

/**
 * Sequences up to which every record of each class is committed, or known never to come.
 *
 * A message's `previous` raises the level of its class (record-writer.ts). For devices that do not send it there is
 * the run without holes of both classes together; holes count as filled while the device reports as many evictions. Of
 * that run a class has what its own records reach: a level above what a device has sent of a class it takes for one of
 * another life, and ignores.
 */
export function computeAckLevels(sql: Prepared, device: string, incarnation: number): AckLevels {
  const row = sql.one("incarnation", device, incarnation);
  if (row === undefined) return { normal: 0, alarm: 0 };
  const before = Number(row["contiguous"]);
  const skippedBefore = Number(row["skipped"]);
  const evicted = Number(row["evicted_normal"]) + Number(row["evicted_alarm"]);
  let contiguous = before;
  let skipped = skippedBefore;
  for (const next of sql.each("sequencesAfter", device, incarnation, before)) {
    const sequence = Number(next["sequence"]);
    const hole = sequence - contiguous - 1;
    if (skipped + hole > evicted) break;
    skipped += hole;
    contiguous = sequence;
  }
  if (contiguous > before) sql.run("updateContiguous", contiguous, skipped, device, incarnation);
  return {
    normal: Math.max(Math.min(contiguous, Number(row["last_normal"])), Number(row["ack_normal"])),
    alarm: Math.max(Math.min(contiguous, Number(row["last_alarm"])), Number(row["ack_alarm"])),
  };
}
