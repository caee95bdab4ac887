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

/** First word of a page of the normal ring; the number of pages and the ring are added. */
export const MAGIC = 0x31424f00;

/** Words of a page head. */
export const enum Head {
  /** MAGIC, the ring and its number of pages: pages of another layout are foreign. */
  MAGIC = 0,
  INCARNATION = 1,
  /** Pages of a ring are numbered from 1, without end; page n lies at index (n - 1) modulo the pages of the ring. */
  SERIAL = 2,
  /** No record of this page or a later one has a lower sequence. */
  FIRST_SEQUENCE = 3,
  /** Records that the ring had taken before this page. */
  FIRST_ORDINAL = 4,
  /** Records evicted, and records gone (delivered or evicted), when the page was begun. */
  EVICTED = 5,
  GONE = 6,
  /** CRC-32 of the words above. */
  CHECK = 7,
  /** Its mark is cleared when every record of the page is delivered. */
  DONE = 8,
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

/** True where at least two of the four bits of a mark are cleared. One alone may be a bit that has rotted. */
export function isMarked(word: number): boolean {
  // Bit n of the constant is set where n, as the four bits, has at most one zero.
  return ((0xe880 >> (word >>> 28)) & 1) === 0;
}

/** True where `bytes[start, end)` is erased. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0xff) return false;
  return true;
}
