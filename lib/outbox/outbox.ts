import type { ErrorCode } from "../core/error-code.js";

/** Priority class: each has its own ring, and order is kept within it. */
export const enum Priority {
  NORMAL = 0,
  ALARM = 1,
}

/** What a full ring does with a new record. */
export const enum OverflowPolicy {
  DROP_OLDEST = 0,
  REJECT_NEW = 1,
}

/**
 * Unsent records. Implementations: RAM (loses all on a power cut) and flash (loses nothing that `append` returned
 * for). One contract suite runs over both (test/contract/outbox.ts).
 */
export interface Outbox {
  /** Identifies the sequence: `(device, incarnation, sequence)` is unique. */
  readonly incarnation: number;
  /** True where a power cut loses what waits. */
  readonly volatile: boolean;
  /**
   * Takes a record of 1 to `maxRecordBytes`. When it returns a sequence, the record is as safe as this outbox is.
   * @returns the record's sequence (the first of an incarnation is 1), or the negated ErrorCode (OUTBOX_FULL,
   *   OUTBOX_RECORD_TOO_BIG, FLASH_WRITE_FAILED), and nothing was taken
   */
  append(priority: Priority, record: Uint8Array, length: number): number;
  readonly maxRecordBytes: number;
  /**
   * Reads unacknowledged records of a class, oldest first, from the first whose sequence is at or above
   * `fromSequence`. Stops when `visit` returns false. `bytes` is valid during the call only, and `visit` must not call
   * the outbox.
   */
  read(
    priority: Priority,
    fromSequence: number,
    visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
  ): void;
  /**
   * Marks every record of the class up to and including `sequence` as delivered. A sequence that was never given out
   * is ignored: nobody can have received it.
   */
  acknowledge(priority: Priority, sequence: number): void;
  /** Number of unacknowledged records of a class. */
  waiting(priority: Priority): number;
  /** Records of a class lost to the overflow policy, since provisioning (flash) or boot (RAM). */
  evicted(priority: Priority): number;
  /** Codes of damage met and passed over since the last call (OUTBOX_DAMAGED and the like), 0 when none is left. */
  takeError(): ErrorCode;
}
