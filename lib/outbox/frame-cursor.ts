import { PAGE_HEAD_BYTES } from "./flash-format.js";

/** A place in a ring's log, and the record that `RingLog.next` found there. */
export class FrameCursor {
  /** Page, by serial number, and offset in it. */
  serial = 1;
  at = PAGE_HEAD_BYTES;
  /** What the page's head says. */
  firstSequence = 0;
  firstOrdinal = 0;
  /** Sequence and ordinal of the record here. */
  sequence = 0;
  ordinal = 0;
  /** Bytes of the record's frame: `next` steps over them. 0 where the cursor stands before a record. */
  step = 0;
  /** Where the record's bytes lie in the sector buffer, and its first word. */
  start = 0;
  end = 0;
  word = 0;

  copyFrom(other: FrameCursor): void {
    this.serial = other.serial;
    this.at = other.at;
    this.firstSequence = other.firstSequence;
    this.firstOrdinal = other.firstOrdinal;
    this.sequence = other.sequence;
    this.ordinal = other.ordinal;
    this.step = other.step;
  }

  /** Goes to the beginning of a page. */
  toPage(serial: number): void {
    this.serial = serial;
    this.at = PAGE_HEAD_BYTES;
    this.step = 0;
  }
}
