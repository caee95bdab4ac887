import { PAGE_HEAD_BYTES } from "./flash-format.js";

/** A place in a ring's log, and the record that `RingLog.next` found there. */
export class FrameCursor {
  /** Page, by serial number, and offset in it. */
  _serial = 1;
  _at = PAGE_HEAD_BYTES;
  /** What the page's head says. */
  _firstSequence = 0;
  _firstOrdinal = 0;
  /** Sequence and ordinal of the record here. */
  _sequence = 0;
  _ordinal = 0;
  /** Bytes of the record's frame: `next` steps over them. 0 where the cursor stands before a record. */
  _step = 0;
  /** Where the record's bytes lie in the sector buffer, and its first word. */
  _start = 0;
  _end = 0;
  _word = 0;

  _copyFrom(other: FrameCursor): void {
    this._serial = other._serial;
    this._at = other._at;
    this._firstSequence = other._firstSequence;
    this._firstOrdinal = other._firstOrdinal;
    this._sequence = other._sequence;
    this._ordinal = other._ordinal;
    this._step = other._step;
  }

  /** Goes to the beginning of a page. */
  _toPage(serial: number): void {
    this._serial = serial;
    this._at = PAGE_HEAD_BYTES;
    this._step = 0;
  }
}
