import { readU32, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";

// The bytes of the flash outbox. docs/outbox.md has the same as pictures, and the reasons.

/** Records never cross a sector, and each sector says its first sequence: damage stays within one. */
export const SECTOR_BYTES = 256;
/** Page head, 32 bytes, and the word that is cleared when every record of the page is acknowledged. */
export const PAGE_HEAD_BYTES = 36;
export const PAGE_DONE_AT = 32;
/** Slots at the end of a page: what the ring gives up when the page after it is erased. */
export const SLOT_BYTES = 12;
export const SLOT_COUNT = 4;
export const SLOTS_BYTES = SLOT_BYTES * SLOT_COUNT;
/** Greatest record. */
export const MAX_RECORD_BYTES = 120;
/** Sequences of one page exceed its first by less than this. */
export const MAX_PAGE_SPAN = 0x7fffe;
/** Word of a sector that holds no record and is not to be used. Half written, it still says so. */
export const SKIPPED_WORD = 0xf0000000 + MAX_PAGE_SPAN;
export const BLANK_WORD = 0xffffffff;
/** Clears the mark of a word, and touches nothing else of it. */
export const MARK_WORD = 0x0fffffff;

const MAGIC = 0x31424f00;

/** First bytes of a page. */
export class PageHead {
  _incarnation = 0;
  /** Pages of a ring are numbered from 1, without end; page n lies at index (n - 1) modulo the pages of the ring. */
  _serial = 0;
  /** No record of this page or a later one has a lower sequence. */
  _firstSequence = 0;
  /** Records that the ring had taken before this page. */
  _firstOrdinal = 0;
  /** Records evicted, and records gone (delivered or evicted), when the page was begun. */
  _evicted = 0;
  _gone = 0;

  /** Writes 32 bytes. `ring` and `pages` make the pages of another layout foreign. */
  _write(bytes: Uint8Array, ring: number, pages: number): void {
    writeU32(bytes, 0, MAGIC + pages * 2 + ring);
    writeU32(bytes, 4, this._incarnation);
    writeU32(bytes, 8, this._serial);
    writeU32(bytes, 12, this._firstSequence);
    writeU32(bytes, 16, this._firstOrdinal);
    writeU32(bytes, 20, this._evicted);
    writeU32(bytes, 24, this._gone);
    writeU32(bytes, 28, crc32(bytes, 0, 28, 0));
  }

  /** Reads what `write` wrote; false, and nothing changed, where the bytes are something else. */
  _read(bytes: Uint8Array, ring: number, pages: number): boolean {
    if (readU32(bytes, 0) !== MAGIC + pages * 2 + ring || readU32(bytes, 28) !== crc32(bytes, 0, 28, 0)) return false;
    this._incarnation = readU32(bytes, 4);
    this._serial = readU32(bytes, 8);
    this._firstSequence = readU32(bytes, 12);
    this._firstOrdinal = readU32(bytes, 16);
    this._evicted = readU32(bytes, 20);
    this._gone = readU32(bytes, 24);
    return true;
  }
}

/** The word in front of a record: 7 bits of length, 21 of a CRC that covers bytes and sequence, 4 of mark. */
export function recordWord(bytes: Uint8Array, start: number, length: number, sequence: number): number {
  return ((crc32(bytes, start, start + length, sequence) & 0x1fffff) << 7) | length | 0xf0000000;
}

/** The first word of a sector: 19 bits of sequence and 9 of ordinal, both from the page's first, 4 of mark. */
export function sectorWord(sequence: number, ordinal: number): number {
  return sequence | (ordinal << 19) | 0xf0000000;
}

/** Offset in the page of a sector's own word. */
export function sectorStart(sector: number): number {
  return sector === 0 ? PAGE_HEAD_BYTES : sector * SECTOR_BYTES;
}

/** True where an offset in the page is that of a sector's own word. */
export function beginsSector(at: number): boolean {
  return at === PAGE_HEAD_BYTES || at % SECTOR_BYTES === 0;
}

/** True where most of the four bits of a mark are cleared. One alone may be a bit that has rotted. */
export function isMarked(word: number): boolean {
  const mark = word >>> 28;
  return (mark & 1) + ((mark >> 1) & 1) + ((mark >> 2) & 1) + (mark >> 3) < 3;
}

/** True where `bytes[start, end)` is erased. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0xff) return false;
  return true;
}
