import { crc32 } from "../core/crc32.js";
import {
  BLANK_WORD,
  Head,
  isBlank,
  isMarked,
  PAGE_HEAD_BYTES,
  SECTOR_BYTES,
  SKIPPED_WORD,
  sectorStart,
  SLOT_BYTES,
  SLOT_COUNT,
  SLOTS_BYTES,
} from "./flash-format.js";
import type { FrameCursor } from "./frame-cursor.js";
import type { Ring } from "./ring.js";

/** Takes over the newest page of a ring. False where no page of it is whole. */
export function findNewestPage(ring: Ring): boolean {
  for (let i = 0; i < ring._pages; i++) {
    ring._sectors._peek((ring._firstPage + i) * ring._pageBytes, PAGE_HEAD_BYTES);
    if (!ring._take(ring._other)) continue;
    const serial = ring._other[Head.SERIAL]!;
    if ((serial - 1) % ring._pages !== i || serial <= ring._serial) continue;
    ring._serial = serial;
    ring._head.set(ring._other);
  }
  return ring._serial > 0;
}

/** Takes up where the flash left off, from the newest page on. */
export function recover(ring: Ring): void {
  readSlots(ring);
  ring._evicted = ring._head[Head.EVICTED]!;
  ring._persistedGone = ring._gone = ring._head[Head.GONE]!;
  findEnd(ring, ring._probe);
  findFirst(ring, ring._first, ring._probe);
  ring._probe._copyFrom(ring._first);
  ring._gone = ring._next(ring._probe) ? ring._probe._ordinal : ring._ordinal;
}

/** Reads what the newest page says about the end of its time: the ring had to give up the page that comes next. */
function readSlots(ring: Ring): void {
  const bytes = ring._sectors._bytes;
  const words = ring._sectors._words;
  ring._sectors._peek(ring._address(ring._serial) + ring._pageBytes - SLOTS_BYTES, SLOTS_BYTES);
  for (let i = 0; i < SLOT_COUNT; i++) {
    const at = i * SLOT_BYTES;
    if (isBlank(bytes, at, at + SLOT_BYTES)) continue;
    ring._slots = i + 1;
    if (words[i * 3 + 2] !== slotCheck(bytes, at, ring._serial)) continue;
    ring._head[Head.GONE] = words[i * 3]!;
    ring._head[Head.EVICTED] = words[i * 3 + 1]!;
  }
}

/** CRC of the eight bytes of a slot. */
export function slotCheck(bytes: Uint8Array, at: number, serial: number): number {
  return crc32(bytes, at, at + 8, serial);
}

/**
 * Finds the end of the log in its newest page: behind the last record, where everything that an interrupted write
 * may have touched is blank. Bytes that are no record and had to be passed over are damage.
 */
function findEnd(ring: Ring, cursor: FrameCursor): void {
  const page = ring._address(ring._serial);
  const bytes = ring._sectors._bytes;
  let used = leadingSectors(ring, ring._serial, false);
  let sound = false;
  ring._nextSequence = ring._head[Head.FIRST_SEQUENCE]!;
  ring._ordinal = ring._head[Head.FIRST_ORDINAL]!;
  for (let sector = used - 1, found = false; sector >= 0 && !found; sector--) {
    ring._at = (sector + 1) * SECTOR_BYTES;
    enter(cursor, ring._serial, sector, ring._head);
    let end = 0;
    while (ring._next(cursor)) {
      found = true;
      end = cursor._at + cursor._step;
      ring._nextSequence = cursor._sequence + 1;
      ring._ordinal = cursor._ordinal + 1;
    }
    if (!found || sector < used - 1) continue;
    const start = sector * SECTOR_BYTES;
    ring._sectors._load(page + start);
    sound = isBlank(bytes, end - start, ring._sectorEnd(start) - start);
    ring._at = end;
  }
  if (!sound) ring._at = sectorStart(used);
  if (used > 0 && !sound) ring._damaged = true;
  // A write that was cut before its head showed leaves a sector that looks unused and is not.
  for (; used < ring._pageBytes / SECTOR_BYTES; used++) {
    const start = used * SECTOR_BYTES;
    const first = sectorStart(used);
    ring._sectors._load(page + start);
    if (isBlank(bytes, first - start, ring._sectorEnd(start) - start)) break;
    ring._sectors._put(page + first, SKIPPED_WORD);
    ring._at = start + SECTOR_BYTES;
    ring._damaged = true;
  }
}

/**
 * Puts the cursor behind the last record that is gone: marked as delivered, or given up by a slot or a page head. A
 * page that should hold waiting records and is not whole is damage.
 */
function findFirst(ring: Ring, cursor: FrameCursor, probe: FrameCursor): void {
  const gone = ring._gone;
  let end = ring._ordinal;
  let first = ring._serial;
  for (let serial = ring._serial; serial >= ring._oldestSerial() && (end > gone || serial === ring._serial); serial--) {
    if (!ring._look(serial)) ring._damaged = true;
    else if (isMarked(ring._sectors._words[Head.DONE]!)) break;
    else {
      first = serial;
      end = ring._other[Head.FIRST_ORDINAL]!;
    }
  }
  cursor._toPage(first);
  if (!ring._look(first)) return;
  const sector = leadingSectors(ring, first, true);
  enter(cursor, first, sector, ring._other);
  probe._copyFrom(cursor);
  const limit = (sector + 1) * SECTOR_BYTES;
  while (ring._next(probe)) {
    if (isMarked(probe._word) || probe._ordinal < gone) cursor._copyFrom(probe);
    else if (probe._serial > first || probe._at >= limit) break;
  }
}

/** Number of sectors at the front of a page that are in use, or, with `done`, marked as delivered altogether. */
function leadingSectors(ring: Ring, serial: number, done: boolean): number {
  let low = 0;
  let high = ring._pageBytes / SECTOR_BYTES;
  while (low < high) {
    const middle = (low + high) >> 1;
    ring._sectors._peek(ring._address(serial) + sectorStart(middle), 4);
    const word = ring._sectors._words[0]!;
    if (done ? isMarked(word) : word !== BLANK_WORD) low = middle + 1;
    else high = middle;
  }
  return low;
}

function enter(cursor: FrameCursor, serial: number, sector: number, head: Uint32Array): void {
  cursor._toPage(serial);
  cursor._at = sectorStart(sector);
  cursor._firstSequence = head[Head.FIRST_SEQUENCE]!;
  cursor._firstOrdinal = head[Head.FIRST_ORDINAL]!;
}
