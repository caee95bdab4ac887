import { readU32, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import {
  BLANK_WORD,
  isBlank,
  isMarked,
  PAGE_DONE_AT,
  PAGE_HEAD_BYTES,
  PageHead,
  SECTOR_BYTES,
  SKIPPED_WORD,
  sectorStart,
  SLOT_BYTES,
  SLOT_COUNT,
  SLOTS_BYTES,
} from "./flash-format.js";
import type { FrameCursor } from "./frame-cursor.js";
import type { RingLog } from "./ring-log.js";

/** Takes over the newest page of a ring. False where no page of it is whole. */
export function findNewestPage(log: RingLog): boolean {
  const head = new PageHead();
  for (let i = 0; i < log._pages; i++) {
    log._sectors._peek((log._firstPage + i) * log._pageBytes, PAGE_HEAD_BYTES);
    if (!head._read(log._sectors._bytes, log._priority, log._pages) || (head._serial - 1) % log._pages !== i) continue;
    if (head._serial <= log._serial) continue;
    log._serial = head._serial;
    log._head._read(log._sectors._bytes, log._priority, log._pages);
  }
  return log._serial > 0;
}

/**
 * Reads what the newest page says about the end of its time: the ring had to give up the page that comes next.
 * @returns the number of slots in use
 */
export function readSlots(log: RingLog): number {
  const bytes = log._sectors._bytes;
  log._sectors._peek(log._address(log._serial) + log._pageBytes - SLOTS_BYTES, SLOTS_BYTES);
  let used = 0;
  for (let i = 0; i < SLOT_COUNT; i++) {
    const at = i * SLOT_BYTES;
    if (isBlank(bytes, at, at + SLOT_BYTES)) continue;
    used = i + 1;
    if (readU32(bytes, at + 8) !== slotCheck(bytes, at, log._serial)) continue;
    log._head._gone = readU32(bytes, at);
    log._head._evicted = readU32(bytes, at + 4);
  }
  return used;
}

/** CRC of the eight bytes of a slot. */
export function slotCheck(bytes: Uint8Array, at: number, serial: number): number {
  return crc32(bytes, at, at + 8, serial);
}

/**
 * Finds the end of the log in its newest page: behind the last record, where everything that an interrupted write
 * may have touched is blank.
 * @returns true where bytes that are no record had to be passed over
 */
export function findEnd(log: RingLog, cursor: FrameCursor): boolean {
  const page = log._address(log._serial);
  const bytes = log._sectors._bytes;
  let used = leadingSectors(log, log._serial, false);
  let sound = false;
  log._nextSequence = log._head._firstSequence;
  log._ordinal = log._head._firstOrdinal;
  for (let sector = used - 1, found = false; sector >= 0 && !found; sector--) {
    log._at = (sector + 1) * SECTOR_BYTES;
    enter(cursor, log._serial, sector, log._head);
    let end = 0;
    while (log._next(cursor)) {
      found = true;
      end = cursor._at + cursor._step;
      log._nextSequence = cursor._sequence + 1;
      log._ordinal = cursor._ordinal + 1;
    }
    if (!found || sector < used - 1) continue;
    const start = sector * SECTOR_BYTES;
    log._sectors._load(page + start);
    sound = isBlank(bytes, end - start, log._sectorEnd(start) - start);
    log._at = end;
  }
  if (!sound) log._at = sectorStart(used);
  let dirty = used > 0 && !sound;
  // A write that was cut before its head showed leaves a sector that looks unused and is not.
  for (; used < log._pageBytes / SECTOR_BYTES; used++) {
    const start = used * SECTOR_BYTES;
    const first = sectorStart(used);
    log._sectors._load(page + start);
    if (isBlank(bytes, first - start, log._sectorEnd(start) - start)) break;
    writeU32(log._sectors._out, 0, SKIPPED_WORD);
    log._sectors._write(page + first, 4);
    log._at = start + SECTOR_BYTES;
    dirty = true;
  }
  return dirty;
}

/**
 * Puts the cursor behind the last record that is gone: marked as delivered, or given up by a slot or a page head.
 * @returns true where a page that should hold waiting records is not whole
 */
export function findHead(log: RingLog, cursor: FrameCursor, probe: FrameCursor): boolean {
  const gone = log._head._gone;
  let damaged = false;
  let end = log._ordinal;
  let first = log._serial;
  for (let serial = log._serial; serial >= log._oldestSerial() && (end > gone || serial === log._serial); serial--) {
    const head = log._headOf(serial);
    if (head === undefined) damaged = true;
    else if (isMarked(readU32(log._sectors._bytes, PAGE_DONE_AT))) break;
    else {
      first = serial;
      end = head._firstOrdinal;
    }
  }
  const head = log._headOf(first);
  cursor._toPage(first);
  if (head === undefined) return true;
  const sector = leadingSectors(log, first, true);
  enter(cursor, first, sector, head);
  probe._copyFrom(cursor);
  const limit = (sector + 1) * SECTOR_BYTES;
  while (log._next(probe)) {
    if (isMarked(probe._word) || probe._ordinal < gone) cursor._copyFrom(probe);
    else if (probe._serial > first || probe._at >= limit) break;
  }
  return damaged;
}

/** Number of sectors at the front of a page that are in use, or, with `done`, marked as delivered altogether. */
function leadingSectors(log: RingLog, serial: number, done: boolean): number {
  let low = 0;
  let high = log._pageBytes / SECTOR_BYTES;
  while (low < high) {
    const middle = (low + high) >> 1;
    log._sectors._peek(log._address(serial) + sectorStart(middle), 4);
    const word = readU32(log._sectors._bytes, 0);
    if (done ? isMarked(word) : word !== BLANK_WORD) low = middle + 1;
    else high = middle;
  }
  return low;
}

function enter(cursor: FrameCursor, serial: number, sector: number, head: PageHead): void {
  cursor._toPage(serial);
  cursor._at = sectorStart(sector);
  cursor._firstSequence = head._firstSequence;
  cursor._firstOrdinal = head._firstOrdinal;
}
