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
  for (let i = 0; i < log.pages; i++) {
    log.sectors.peek((log.firstPage + i) * log.pageBytes, PAGE_HEAD_BYTES);
    if (!head.read(log.sectors.bytes, log.priority, log.pages) || (head.serial - 1) % log.pages !== i) continue;
    if (head.serial <= log.serial) continue;
    log.serial = head.serial;
    log.head.read(log.sectors.bytes, log.priority, log.pages);
  }
  return log.serial > 0;
}

/**
 * Reads what the newest page says about the end of its time: the ring had to give up the page that comes next.
 * @returns the number of slots in use
 */
export function readSlots(log: RingLog): number {
  const bytes = log.sectors.bytes;
  log.sectors.peek(log.address(log.serial) + log.pageBytes - SLOTS_BYTES, SLOTS_BYTES);
  let used = 0;
  for (let i = 0; i < SLOT_COUNT; i++) {
    const at = i * SLOT_BYTES;
    if (isBlank(bytes, at, at + SLOT_BYTES)) continue;
    used = i + 1;
    if (readU32(bytes, at + 8) !== slotCheck(bytes, at, log.serial)) continue;
    log.head.gone = readU32(bytes, at);
    log.head.evicted = readU32(bytes, at + 4);
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
  const page = log.address(log.serial);
  const bytes = log.sectors.bytes;
  let used = leadingSectors(log, log.serial, false);
  let sound = false;
  log.nextSequence = log.head.firstSequence;
  log.ordinal = log.head.firstOrdinal;
  for (let sector = used - 1, found = false; sector >= 0 && !found; sector--) {
    log.at = (sector + 1) * SECTOR_BYTES;
    enter(cursor, log.serial, sector, log.head);
    let end = 0;
    while (log.next(cursor)) {
      found = true;
      end = cursor.at + cursor.step;
      log.nextSequence = cursor.sequence + 1;
      log.ordinal = cursor.ordinal + 1;
    }
    if (!found || sector < used - 1) continue;
    const start = sector * SECTOR_BYTES;
    log.sectors.load(page + start);
    sound = isBlank(bytes, end - start, log.sectorEnd(start) - start);
    log.at = end;
  }
  if (!sound) log.at = sectorStart(used);
  let dirty = used > 0 && !sound;
  // A write that was cut before its head showed leaves a sector that looks unused and is not.
  for (; used < log.pageBytes / SECTOR_BYTES; used++) {
    const start = used * SECTOR_BYTES;
    const first = sectorStart(used);
    log.sectors.load(page + start);
    if (isBlank(bytes, first - start, log.sectorEnd(start) - start)) break;
    writeU32(log.sectors.out, 0, SKIPPED_WORD);
    log.sectors.write(page + first, 4);
    log.at = start + SECTOR_BYTES;
    dirty = true;
  }
  return dirty;
}

/**
 * Puts the cursor behind the last record that is gone: marked as delivered, or given up by a slot or a page head.
 * @returns true where a page that should hold waiting records is not whole
 */
export function findHead(log: RingLog, cursor: FrameCursor, probe: FrameCursor): boolean {
  const gone = log.head.gone;
  let damaged = false;
  let end = log.ordinal;
  let first = log.serial;
  for (let serial = log.serial; serial >= log.oldestSerial() && (end > gone || serial === log.serial); serial--) {
    const head = log.headOf(serial);
    if (head === undefined) damaged = true;
    else if (isMarked(readU32(log.sectors.bytes, PAGE_DONE_AT))) break;
    else {
      first = serial;
      end = head.firstOrdinal;
    }
  }
  const head = log.headOf(first);
  cursor.toPage(first);
  if (head === undefined) return true;
  const sector = leadingSectors(log, first, true);
  enter(cursor, first, sector, head);
  probe.copyFrom(cursor);
  const limit = (sector + 1) * SECTOR_BYTES;
  while (log.next(probe)) {
    if (isMarked(probe.word) || probe.ordinal < gone) cursor.copyFrom(probe);
    else if (probe.serial > first || probe.at >= limit) break;
  }
  return damaged;
}

/** Number of sectors at the front of a page that are in use, or, with `done`, marked as delivered altogether. */
function leadingSectors(log: RingLog, serial: number, done: boolean): number {
  let low = 0;
  let high = log.pageBytes / SECTOR_BYTES;
  while (low < high) {
    const middle = (low + high) >> 1;
    log.sectors.peek(log.address(serial) + sectorStart(middle), 4);
    const word = readU32(log.sectors.bytes, 0);
    if (done ? isMarked(word) : word !== BLANK_WORD) low = middle + 1;
    else high = middle;
  }
  return low;
}

function enter(cursor: FrameCursor, serial: number, sector: number, head: PageHead): void {
  cursor.toPage(serial);
  cursor.at = sectorStart(sector);
  cursor.firstSequence = head.firstSequence;
  cursor.firstOrdinal = head.firstOrdinal;
}
