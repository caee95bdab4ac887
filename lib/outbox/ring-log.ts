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
  serial = 0;
  at = 0;
  /** The head of that page. */
  readonly head = new PageHead();
  /** What follows the last record: its sequence and its ordinal (the number of records ever taken). */
  nextSequence = 1;
  ordinal = 0;
  readonly pageBytes: number;
  private readonly _other = new PageHead();

  constructor(
    readonly sectors: SectorBuffer,
    readonly priority: Priority,
    readonly firstPage: number,
    readonly pages: number,
  ) {
    this.pageBytes = sectors.region.pageBytes;
  }

  /** Index in the region of the page with a serial number. */
  pageIndex(serial: number): number {
    return this.firstPage + ((serial - 1) % this.pages);
  }

  /** Address in the region of the page with a serial number. */
  address(serial: number): number {
    return this.pageIndex(serial) * this.pageBytes;
  }

  /** Serial of the oldest page that may still be whole. */
  oldestSerial(): number {
    return this.serial > this.pages ? this.serial - this.pages + 1 : 1;
  }

  /** Offset behind the last byte that records may take in the sector of `at`. */
  sectorEnd(at: number): number {
    const end = (at | (SECTOR_BYTES - 1)) + 1;
    return end === this.pageBytes ? end - SLOTS_BYTES : end;
  }

  /** The head of a page that belongs to this log, or undefined. Valid until the next call. */
  headOf(serial: number): PageHead | undefined {
    this.sectors.peek(this.address(serial), PAGE_HEAD_BYTES);
    return this._accept(serial) ? this._other : undefined;
  }

  /** Moves to the next whole record, over everything that is not one; false at the end of the log. */
  next(cursor: FrameCursor): boolean {
    if (cursor.step > 0) this._pass(cursor);
    const bytes = this.sectors.bytes;
    while (cursor.serial < this.serial || (cursor.serial === this.serial && cursor.at < this.at)) {
      const sector = cursor.at & ~(SECTOR_BYTES - 1);
      this.sectors.load(this.address(cursor.serial) + sector);
      if (beginsSector(cursor.at) && !this._enterSector(cursor, sector)) continue;
      const start = cursor.at - sector;
      const room = this.sectorEnd(cursor.at) - cursor.at - 4;
      const word = room < 0 ? BLANK_WORD : readU32(bytes, start);
      const length = word & 127;
      if (length > MAX_RECORD_BYTES || length > room) this._leaveSector(cursor, sector);
      else if (length === 0) {
        cursor.sequence += (word >>> 7) & 0x1fffff;
        cursor.at += 4;
      } else {
        cursor.step = (length + 7) & ~3;
        if (((recordWord(bytes, start + 4, length, cursor.sequence) ^ word) & 0x0fffffff) === 0) {
          cursor.start = start + 4;
          cursor.end = start + 4 + length;
          cursor.word = word;
          return true;
        }
        this._pass(cursor);
      }
    }
    return false;
  }

  private _pass(cursor: FrameCursor): void {
    cursor.at += cursor.step;
    cursor.step = 0;
    cursor.sequence++;
    cursor.ordinal++;
  }

  /** Takes over what page head and sector head say; false where the cursor went on instead. */
  private _enterSector(cursor: FrameCursor, sector: number): boolean {
    const bytes = this.sectors.bytes;
    if (sector === 0) {
      if (!this._accept(cursor.serial)) {
        cursor.toPage(cursor.serial + 1);
        return false;
      }
      cursor.firstSequence = this._other.firstSequence;
      cursor.firstOrdinal = this._other.firstOrdinal;
    }
    const word = readU32(bytes, cursor.at - sector);
    if ((word & 0x7ffff) >= MAX_PAGE_SPAN) {
      this._leaveSector(cursor, sector);
      return false;
    }
    cursor.sequence = cursor.firstSequence + (word & 0x7ffff);
    cursor.ordinal = cursor.firstOrdinal + ((word >>> 19) & 511);
    cursor.at += 4;
    return true;
  }

  private _leaveSector(cursor: FrameCursor, sector: number): void {
    cursor.at = sector + SECTOR_BYTES;
    if (cursor.at >= this.pageBytes) cursor.toPage(cursor.serial + 1);
  }

  /** Reads the head at the front of the sector buffer into `_other`; false where it is not that of this page. */
  private _accept(serial: number): boolean {
    const head = this._other;
    if (!head.read(this.sectors.bytes, this.priority, this.pages) || head.serial !== serial) return false;
    return head.incarnation === this.head.incarnation;
  }
}
