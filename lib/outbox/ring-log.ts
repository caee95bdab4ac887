import { readU32 } from "../core/bytes.js";
import type { Priority } from "./outbox.js";
import type { FrameCursor } from "./frame-cursor.js";
import type { SectorBuffer } from "./sector-buffer.js";
import {
  beginsSector,
  BLANK_WORD,
  MAX_PAGE_SPAN,
  MAX_RECORD_BYTES,
  PAGE_HEAD_BYTES,
  PageHead,
  recordWord,
  SECTOR_BYTES,
  SLOTS_BYTES,
} from "./flash-format.js";

/** The pages of one class as a log: where it ends, and how to walk over its records. */
export class RingLog {
  /** Serial of the page that is being filled, 0 before the first; and where the next record goes in it. */
  _serial = 0;
  _at = 0;
  /** The head of that page. */
  readonly _head = new PageHead();
  /** What follows the last record: its sequence and its ordinal (the number of records ever taken). */
  _nextSequence = 1;
  _ordinal = 0;
  readonly _pageBytes: number;
  private readonly _other = new PageHead();

  constructor(
    readonly _sectors: SectorBuffer,
    readonly _priority: Priority,
    readonly _firstPage: number,
    readonly _pages: number,
  ) {
    this._pageBytes = _sectors._region.pageBytes;
  }

  /** Index in the region of the page with a serial number. */
  _pageIndex(serial: number): number {
    return this._firstPage + ((serial - 1) % this._pages);
  }

  /** Address in the region of the page with a serial number. */
  _address(serial: number): number {
    return this._pageIndex(serial) * this._pageBytes;
  }

  /** Serial of the oldest page that may still be whole. */
  _oldestSerial(): number {
    return this._serial > this._pages ? this._serial - this._pages + 1 : 1;
  }

  /** Offset behind the last byte that records may take in the sector of `at`. */
  _sectorEnd(at: number): number {
    const end = (at | (SECTOR_BYTES - 1)) + 1;
    return end === this._pageBytes ? end - SLOTS_BYTES : end;
  }

  /** The head of a page that belongs to this log, or undefined. Valid until the next call. */
  _headOf(serial: number): PageHead | undefined {
    this._sectors._peek(this._address(serial), PAGE_HEAD_BYTES);
    return this._accept(serial) ? this._other : undefined;
  }

  /** Moves to the next whole record, over everything that is not one; false at the end of the log. */
  _next(cursor: FrameCursor): boolean {
    if (cursor._step > 0) this._pass(cursor);
    const bytes = this._sectors._bytes;
    while (cursor._serial < this._serial || (cursor._serial === this._serial && cursor._at < this._at)) {
      const sector = cursor._at & ~(SECTOR_BYTES - 1);
      this._sectors._load(this._address(cursor._serial) + sector);
      if (beginsSector(cursor._at) && !this._enterSector(cursor, sector)) continue;
      const start = cursor._at - sector;
      const room = this._sectorEnd(cursor._at) - cursor._at - 4;
      const word = room < 0 ? BLANK_WORD : readU32(bytes, start);
      const length = word & 127;
      if (length > MAX_RECORD_BYTES || length > room) this._leaveSector(cursor, sector);
      else if (length === 0) {
        cursor._sequence += (word >>> 7) & 0x1fffff;
        cursor._at += 4;
      } else {
        cursor._step = (length + 7) & ~3;
        if (((recordWord(bytes, start + 4, length, cursor._sequence) ^ word) & 0x0fffffff) === 0) {
          cursor._start = start + 4;
          cursor._end = start + 4 + length;
          cursor._word = word;
          return true;
        }
        this._pass(cursor);
      }
    }
    return false;
  }

  private _pass(cursor: FrameCursor): void {
    cursor._at += cursor._step;
    cursor._step = 0;
    cursor._sequence++;
    cursor._ordinal++;
  }

  /** Takes over what page head and sector head say; false where the cursor went on instead. */
  private _enterSector(cursor: FrameCursor, sector: number): boolean {
    const bytes = this._sectors._bytes;
    if (sector === 0) {
      if (!this._accept(cursor._serial)) {
        cursor._toPage(cursor._serial + 1);
        return false;
      }
      cursor._firstSequence = this._other._firstSequence;
      cursor._firstOrdinal = this._other._firstOrdinal;
    }
    const word = readU32(bytes, cursor._at - sector);
    if ((word & 0x7ffff) >= MAX_PAGE_SPAN) {
      this._leaveSector(cursor, sector);
      return false;
    }
    cursor._sequence = cursor._firstSequence + (word & 0x7ffff);
    cursor._ordinal = cursor._firstOrdinal + ((word >>> 19) & 511);
    cursor._at += 4;
    return true;
  }

  private _leaveSector(cursor: FrameCursor, sector: number): void {
    cursor._at = sector + SECTOR_BYTES;
    if (cursor._at >= this._pageBytes) cursor._toPage(cursor._serial + 1);
  }

  /** Reads the head at the front of the sector buffer into `_other`; false where it is not that of this page. */
  private _accept(serial: number): boolean {
    const head = this._other;
    if (!head._read(this._sectors._bytes, this._priority, this._pages) || head._serial !== serial) return false;
    return head._incarnation === this._head._incarnation;
  }
}
