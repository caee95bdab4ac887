import { crc32 } from "../core/crc32.js";
import {
  beginsSector,
  BLANK_WORD,
  Head,
  MAGIC,
  MAX_PAGE_SPAN,
  MAX_RECORD_BYTES,
  PAGE_HEAD_BYTES,
  recordWord,
  SECTOR_BYTES,
  SLOTS_BYTES,
} from "./flash-format.js";
import { FrameCursor } from "./frame-cursor.js";
import type { OverflowPolicy, Priority } from "./outbox.js";
import type { SectorBuffer } from "./sector-buffer.js";

/** One class of records: its pages as a log, where it begins and ends, and how to walk over it. */
export class Ring {
  /** Serial of the page that is being filled, 0 before the first; and where the next record goes in it. */
  _serial = 0;
  _at = 0;
  /** The head of that page, and the last other one that was looked at. */
  readonly _head = new Uint32Array(8);
  readonly _other = new Uint32Array(8);
  /** What follows the last record: its sequence and its ordinal (the number of records ever taken). */
  _nextSequence = 1;
  _ordinal = 0;
  /** Stands behind the last record that is gone. */
  readonly _first = new FrameCursor();
  readonly _probe = new FrameCursor();
  /** Records that are gone, delivered or evicted, and how many of these the flash knows without its marks. */
  _gone = 0;
  _persistedGone = 0;
  /** Records given up by the policy, ever. */
  _evicted = 0;
  /** Slots of the newest page that are in use. */
  _slots = 0;
  /** Ordinal up to which lost records have been reported. */
  _lost = 0;
  /** Set where bytes were passed over that should have been a record. */
  _damaged = false;
  readonly _pageBytes: number;
  readonly _magic: number;

  constructor(
    readonly _sectors: SectorBuffer,
    priority: Priority,
    readonly _firstPage: number,
    readonly _pages: number,
    readonly _policy: OverflowPolicy,
  ) {
    this._pageBytes = _sectors._region.pageBytes;
    this._magic = MAGIC + _pages * 2 + priority;
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

  /** Reads the head of a page into `_other`; false where it is none of this ring. */
  _look(serial: number): boolean {
    this._sectors._peek(this._address(serial), PAGE_HEAD_BYTES);
    return this._accept(serial);
  }

  /** Takes the head at the front of the sector buffer; false, and nothing changed, where it is not whole. */
  _take(head: Uint32Array): boolean {
    const words = this._sectors._words;
    if (words[Head.MAGIC] !== this._magic || words[Head.CHECK] !== crc32(this._sectors._bytes, 0, 28, 0)) return false;
    for (let i = 0; i < 8; i++) head[i] = words[i]!;
    return true;
  }

  /** Moves to the next whole record, over everything that is not one; false at the end of the log. */
  _next(cursor: FrameCursor): boolean {
    if (cursor._step > 0) this._pass(cursor);
    const words = this._sectors._words;
    while (cursor._serial < this._serial || (cursor._serial === this._serial && cursor._at < this._at)) {
      const sector = cursor._at & ~(SECTOR_BYTES - 1);
      this._sectors._load(this._address(cursor._serial) + sector);
      if (beginsSector(cursor._at) && !this._enterSector(cursor, sector)) continue;
      const start = cursor._at - sector;
      const room = this._sectorEnd(cursor._at) - cursor._at - 4;
      const word = room < 0 ? BLANK_WORD : words[start >> 2]!;
      const length = word & 127;
      if (length > MAX_RECORD_BYTES || length > room) this._leaveSector(cursor, sector);
      else if (length === 0) {
        cursor._sequence += (word >>> 7) & 0x1fffff;
        cursor._at += 4;
      } else {
        cursor._step = (length + 7) & ~3;
        if (((recordWord(this._sectors._bytes, start + 4, length, cursor._sequence) ^ word) & 0x0fffffff) === 0) {
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
    if (sector === 0) {
      if (!this._accept(cursor._serial)) {
        cursor._toPage(cursor._serial + 1);
        return false;
      }
      cursor._firstSequence = this._other[Head.FIRST_SEQUENCE]!;
      cursor._firstOrdinal = this._other[Head.FIRST_ORDINAL]!;
    }
    const word = this._sectors._words[(cursor._at - sector) >> 2]!;
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

  /** Takes the head into `_other`; false where it is not that of this page. */
  private _accept(serial: number): boolean {
    const head = this._other;
    return this._take(head) && head[Head.SERIAL] === serial && head[Head.INCARNATION] === this._head[Head.INCARNATION];
  }
}
