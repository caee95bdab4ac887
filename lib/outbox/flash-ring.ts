import { copyBytes, writeU32 } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import {
  beginsSector,
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
import { FrameCursor } from "./frame-cursor.js";
import { OverflowPolicy } from "./outbox.js";
import type { RingLog } from "./ring-log.js";
import { findEnd, findHead, readSlots, slotCheck } from "./ring-recovery.js";

/** One class of records: its log, its oldest unacknowledged record, and what happens when it is full. */
export class FlashRing {
  /** Records given up by the policy, ever. */
  _evicted = 0;
  /** Set where bytes were passed over that should have been a record. */
  _damaged = false;
  /** Stands behind the last record that is delivered; its ordinal is the number of records that are gone. */
  private readonly _head = new FrameCursor();
  private readonly _probe = new FrameCursor();
  private _gone = 0;
  /** How much of `_gone` the flash knows without its marks. */
  private _persistedGone = 0;
  private _slots = 0;
  private _lost = 0;

  constructor(
    readonly _log: RingLog,
    private readonly _policy: OverflowPolicy,
  ) {}

  /** Number of records that wait. */
  _waiting(): number {
    return this._log._ordinal - this._gone;
  }

  /** Takes up where the flash left off, from the newest page that the log has found. */
  _recover(): void {
    const log = this._log;
    this._slots = readSlots(log);
    this._evicted = log._head._evicted;
    this._persistedGone = this._gone = log._head._gone;
    if (findEnd(log, this._probe)) this._damaged = true;
    if (findHead(log, this._head, this._probe)) this._damaged = true;
    this._probe._copyFrom(this._head);
    this._gone = log._next(this._probe) ? this._probe._ordinal : log._ordinal;
  }

  /** Appends a record that has this sequence. Returns OK, OUTBOX_FULL, or throws the flash's DeviceError. */
  _append(sequence: number, record: Uint8Array, length: number): ErrorCode {
    const log = this._log;
    const bytes = log._sectors._out;
    const frame = (length + 7) & ~3;
    let gap = sequence - log._nextSequence;
    let begins = beginsSector(log._at);
    if (!begins && log._at + frame + (gap > 0 ? 4 : 0) > log._sectorEnd(log._at)) {
      log._at = (log._at | (SECTOR_BYTES - 1)) + 1;
      begins = true;
    }
    if (log._serial === 0 || log._at >= log._pageBytes || sequence - log._head._firstSequence >= MAX_PAGE_SPAN) {
      const status = this._openPage(sequence);
      if (status !== ErrorCode.OK) return status;
      begins = true;
    }
    let at = 0;
    if (begins) {
      writeU32(bytes, 0, sectorWord(sequence - log._head._firstSequence, log._ordinal - log._head._firstOrdinal));
      at = 4;
      gap = 0;
    } else if (gap > 0) {
      writeU32(bytes, 0, (gap << 7) | 0xf0000000);
      at = 4;
    }
    writeU32(bytes, at, recordWord(record, 0, length, sequence));
    writeU32(bytes, at + frame - 4, 0xffffffff);
    copyBytes(record, 0, bytes, at + 4, length);
    const target = log._address(log._serial) + log._at;
    const end = log._at + at + frame;
    // Where the flash refuses, nothing more goes into this sector; without its head, the page must end before it.
    log._at = begins ? log._pageBytes : (log._at | (SECTOR_BYTES - 1)) + 1;
    log._sectors._write(target, at + frame);
    log._at = end;
    log._nextSequence = sequence + 1;
    log._ordinal++;
    return ErrorCode.OK;
  }

  /**
   * Begins the next page, in which all sequences are `sequence` or above. The page that lay there is erased; what
   * waits in it is evicted, or the record is refused.
   */
  _openPage(sequence: number): ErrorCode {
    const log = this._log;
    const victim = log._serial + 1 - log._pages;
    if (victim > 0) {
      const kept = this._firstOrdinalFrom(victim + 1);
      if (this._gone < kept) {
        if (this._policy === OverflowPolicy.REJECT_NEW) return ErrorCode.OUTBOX_FULL;
        this._evicted += kept - this._gone;
        this._gone = kept;
      }
      if (this._head._serial <= victim) this._head._toPage(victim + 1);
      // The flash must know that these records are gone before it loses the marks that say so.
      if (this._persistedGone < kept) this._writeSlot();
    }
    const head = log._head;
    head._serial = log._serial + 1;
    log._sectors._erase(log._pageIndex(head._serial));
    head._firstSequence = sequence;
    head._firstOrdinal = log._ordinal;
    head._evicted = this._evicted;
    head._gone = this._gone;
    head._write(log._sectors._out, log._priority, log._pages);
    log._sectors._write(log._address(head._serial), PAGE_DONE_AT);
    log._serial = head._serial;
    log._at = PAGE_HEAD_BYTES;
    this._persistedGone = this._gone;
    this._slots = 0;
    return ErrorCode.OK;
  }

  /** See `Outbox.acknowledge`. */
  _acknowledge(sequence: number): void {
    const log = this._log;
    const probe = this._probe;
    const head = this._head;
    const firstSerial = head._serial;
    const firstSector = Math.floor(head._at / SECTOR_BYTES);
    let word = 0;
    probe._copyFrom(head);
    while (log._next(probe) && probe._sequence <= sequence) {
      head._copyFrom(probe);
      word = probe._word;
    }
    if (word === 0) return;
    this._gone = head._ordinal + 1;
    // Oldest first: what is marked must not hide what is not.
    for (let serial = firstSerial; serial < head._serial; serial++) {
      log._sectors._mark(log._address(serial) + PAGE_DONE_AT);
    }
    const page = log._address(head._serial);
    const last = Math.floor(head._at / SECTOR_BYTES);
    for (let sector = firstSerial === head._serial ? firstSector : 0; sector < last; sector++) {
      log._sectors._mark(page + sectorStart(sector));
    }
    if (!isMarked(word)) log._sectors._mark(page + head._at);
  }

  /** See `Outbox.read`. */
  _read(
    fromSequence: number,
    visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
  ): void {
    const log = this._log;
    const probe = this._probe;
    let expected = this._gone;
    probe._copyFrom(this._head);
    while (log._next(probe)) {
      this._expect(expected, probe._ordinal);
      expected = probe._ordinal + 1;
      if (probe._sequence < fromSequence) continue;
      if (!visit(probe._sequence, log._sectors._bytes, probe._start, probe._end)) return;
    }
    this._expect(expected, log._ordinal);
  }

  /** Reports records that can be read no more, once; those at the front wait no longer. */
  private _expect(expected: number, ordinal: number): void {
    if (ordinal > expected && ordinal > this._lost) {
      this._lost = ordinal;
      this._damaged = true;
    }
    if (expected === this._gone) this._gone = ordinal;
  }

  /** Forgets the contents of pages that belong to another life of the device, and begins behind them. */
  _disown(): void {
    this._log._head._firstOrdinal = 0;
    this._damaged = true;
  }

  /** Ordinal of the first record in the oldest whole page from `serial` on. */
  private _firstOrdinalFrom(serial: number): number {
    for (let at = serial; at < this._log._serial; at++) {
      const head = this._log._headOf(at);
      if (head !== undefined) return head._firstOrdinal;
    }
    return this._log._head._firstOrdinal;
  }

  private _writeSlot(): void {
    const log = this._log;
    // Four power cuts in a row, each inside this very write, leave no slot: the count is then lost, not the records.
    if (this._slots === SLOT_COUNT) return;
    const bytes = log._sectors._out;
    writeU32(bytes, 0, this._gone);
    writeU32(bytes, 4, this._evicted);
    writeU32(bytes, 8, slotCheck(bytes, 0, log._serial));
    const at = log._pageBytes - SLOTS_BYTES + this._slots * SLOT_BYTES;
    this._slots++;
    log._sectors._write(log._address(log._serial) + at, SLOT_BYTES);
    this._persistedGone = this._gone;
  }
}
