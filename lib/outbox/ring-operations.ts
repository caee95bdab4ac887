import { copyBytes } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import { ErrorCode } from "../core/error-code.js";
import {
  beginsSector,
  BLANK_WORD,
  Head,
  isMarked,
  MAX_PAGE_SPAN,
  PAGE_DONE_AT,
  PAGE_HEAD_BYTES,
  recordWord,
  SECTOR_BYTES,
  sectorStart,
  sectorWord,
  SLOT_BYTES,
  SLOT_COUNT,
  SLOTS_BYTES,
} from "./flash-format.js";
import { OverflowPolicy } from "./outbox.js";
import type { Ring } from "./ring.js";
import { slotCheck } from "./ring-recovery.js";

/** Appends a record that has this sequence. Returns OK, OUTBOX_FULL, or throws the flash's DeviceError. */
export function append(ring: Ring, sequence: number, record: Uint8Array, length: number): ErrorCode {
  const words = ring._sectors._outWords;
  const frame = (length + 7) & ~3;
  const gap = sequence - ring._nextSequence;
  let begins = beginsSector(ring._at);
  if (!begins && ring._at + frame + (gap > 0 ? 4 : 0) > ring._sectorEnd(ring._at)) {
    ring._at = (ring._at | (SECTOR_BYTES - 1)) + 1;
    begins = true;
  }
  if (
    ring._serial === 0 ||
    ring._at >= ring._pageBytes ||
    sequence - ring._head[Head.FIRST_SEQUENCE]! >= MAX_PAGE_SPAN
  ) {
    const status = openPage(ring, sequence);
    if (status !== ErrorCode.OK) return status;
    begins = true;
  }
  let at = 0;
  if (begins) {
    const head = ring._head;
    words[0] = sectorWord(sequence - head[Head.FIRST_SEQUENCE]!, ring._ordinal - head[Head.FIRST_ORDINAL]!);
    at = 4;
  } else if (gap > 0) {
    words[0] = (gap << 7) | 0xf0000000;
    at = 4;
  }
  words[at >> 2] = recordWord(record, 0, length, sequence);
  words[(at + frame - 4) >> 2] = BLANK_WORD;
  copyBytes(record, 0, ring._sectors._out, at + 4, length);
  const target = ring._address(ring._serial) + ring._at;
  const end = ring._at + at + frame;
  // Where the flash refuses, nothing more goes into this sector; without its head, the page must end before it.
  ring._at = begins ? ring._pageBytes : (ring._at | (SECTOR_BYTES - 1)) + 1;
  ring._sectors._write(target, at + frame);
  ring._at = end;
  ring._nextSequence = sequence + 1;
  ring._ordinal++;
  return ErrorCode.OK;
}

/**
 * Begins the next page, in which all sequences are `sequence` or above. The page that lay there is erased; what
 * waits in it is evicted, or the record is refused.
 */
export function openPage(ring: Ring, sequence: number): ErrorCode {
  const victim = ring._serial + 1 - ring._pages;
  if (victim > 0) {
    const kept = firstOrdinalFrom(ring, victim + 1);
    if (ring._gone < kept) {
      if (ring._policy === OverflowPolicy.REJECT_NEW) return ErrorCode.OUTBOX_FULL;
      ring._evicted += kept - ring._gone;
      ring._gone = kept;
    }
    if (ring._first._serial <= victim) ring._first._toPage(victim + 1);
    // The flash must know that these records are gone before it loses the marks that say so.
    if (ring._persistedGone < kept) writeSlot(ring);
  }
  const head = ring._head;
  const sectors = ring._sectors;
  const serial = ring._serial + 1;
  sectors._erase(ring._pageIndex(serial));
  head[Head.MAGIC] = ring._magic;
  head[Head.SERIAL] = serial;
  head[Head.FIRST_SEQUENCE] = sequence;
  head[Head.FIRST_ORDINAL] = ring._ordinal;
  head[Head.EVICTED] = ring._evicted;
  head[Head.GONE] = ring._gone;
  sectors._outWords.set(head);
  sectors._outWords[Head.CHECK] = crc32(sectors._out, 0, 28, 0);
  sectors._write(ring._address(serial), PAGE_DONE_AT);
  ring._serial = serial;
  ring._at = PAGE_HEAD_BYTES;
  ring._persistedGone = ring._gone;
  ring._slots = 0;
  return ErrorCode.OK;
}

/** See `Outbox.acknowledge`. */
export function acknowledge(ring: Ring, sequence: number): void {
  const probe = ring._probe;
  const head = ring._first;
  const firstSerial = head._serial;
  const firstSector = Math.floor(head._at / SECTOR_BYTES);
  let word = 0;
  probe._copyFrom(head);
  while (ring._next(probe) && probe._sequence <= sequence) {
    head._copyFrom(probe);
    word = probe._word;
  }
  if (word === 0) return;
  ring._gone = head._ordinal + 1;
  // Oldest first: what is marked must not hide what is not.
  for (let serial = firstSerial; serial < head._serial; serial++) {
    ring._sectors._mark(ring._address(serial) + PAGE_DONE_AT);
  }
  const page = ring._address(head._serial);
  const last = Math.floor(head._at / SECTOR_BYTES);
  for (let sector = firstSerial === head._serial ? firstSector : 0; sector < last; sector++) {
    ring._sectors._mark(page + sectorStart(sector));
  }
  if (!isMarked(word)) ring._sectors._mark(page + head._at);
}

/** See `Outbox.read`. */
export function read(
  ring: Ring,
  fromSequence: number,
  visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
): void {
  const probe = ring._probe;
  let expected = ring._gone;
  probe._copyFrom(ring._first);
  while (ring._next(probe)) {
    expect(ring, expected, probe._ordinal);
    expected = probe._ordinal + 1;
    if (probe._sequence < fromSequence) continue;
    if (!visit(probe._sequence, ring._sectors._bytes, probe._start, probe._end)) return;
  }
  expect(ring, expected, ring._ordinal);
}

/** Reports records that can be read no more, once; those at the front wait no longer. */
function expect(ring: Ring, expected: number, ordinal: number): void {
  if (ordinal > expected && ordinal > ring._lost) {
    ring._lost = ordinal;
    ring._damaged = true;
  }
  if (expected === ring._gone) ring._gone = ordinal;
}

/** Ordinal of the first record in the oldest whole page from `serial` on. */
function firstOrdinalFrom(ring: Ring, serial: number): number {
  for (let at = serial; at < ring._serial; at++) {
    if (ring._look(at)) return ring._other[Head.FIRST_ORDINAL]!;
  }
  return ring._head[Head.FIRST_ORDINAL]!;
}

/** Tells the flash what is gone and how much was evicted, apart from marks. */
function writeSlot(ring: Ring): void {
  // Four power cuts in a row, each inside this very write, leave no slot: the count is then lost, not the records.
  if (ring._slots === SLOT_COUNT) return;
  const sectors = ring._sectors;
  sectors._outWords[0] = ring._gone;
  sectors._outWords[1] = ring._evicted;
  sectors._outWords[2] = slotCheck(sectors._out, 0, ring._serial);
  const at = ring._pageBytes - SLOTS_BYTES + ring._slots * SLOT_BYTES;
  ring._slots++;
  sectors._write(ring._address(ring._serial) + at, SLOT_BYTES);
  ring._persistedGone = ring._gone;
}
