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
  evicted = 0;
  /** Set where bytes were passed over that should have been a record. */
  damaged = false;
  /** Stands behind the last record that is delivered; its ordinal is the number of records that are gone. */
  private readonly _head = new FrameCursor();
  private readonly _probe = new FrameCursor();
  private _gone = 0;
  /** How much of `_gone` the flash knows without its marks. */
  private _persistedGone = 0;
  private _slots = 0;
  private _lost = 0;

  constructor(
    readonly log: RingLog,
    private readonly _policy: OverflowPolicy,
  ) {}

  /** Number of records that wait. */
  waiting(): number {
    return this.log.ordinal - this._gone;
  }

  /** Takes up where the flash left off, from the newest page that the log has found. */
  recover(): void {
    const log = this.log;
    this._slots = readSlots(log);
    this.evicted = log.head.evicted;
    this._persistedGone = this._gone = log.head.gone;
    if (findEnd(log, this._probe)) this.damaged = true;
    if (findHead(log, this._head, this._probe)) this.damaged = true;
    this._probe.copyFrom(this._head);
    this._gone = log.next(this._probe) ? this._probe.ordinal : log.ordinal;
  }

  /** Appends a record that has this sequence. Returns OK, OUTBOX_FULL, or throws the flash's DeviceError. */
  append(sequence: number, record: Uint8Array, length: number): ErrorCode {
    const log = this.log;
    const bytes = log.sectors.out;
    const frame = (length + 7) & ~3;
    let gap = sequence - log.nextSequence;
    let begins = beginsSector(log.at);
    if (!begins && log.at + frame + (gap > 0 ? 4 : 0) > log.sectorEnd(log.at)) {
      log.at = (log.at | (SECTOR_BYTES - 1)) + 1;
      begins = true;
    }
    if (log.serial === 0 || log.at >= log.pageBytes || sequence - log.head.firstSequence >= MAX_PAGE_SPAN) {
      const status = this.openPage(sequence);
      if (status !== ErrorCode.OK) return status;
      begins = true;
    }
    let at = 0;
    if (begins) {
      writeU32(bytes, 0, sectorWord(sequence - log.head.firstSequence, log.ordinal - log.head.firstOrdinal));
      at = 4;
      gap = 0;
    } else if (gap > 0) {
      writeU32(bytes, 0, (gap << 7) | 0xf0000000);
      at = 4;
    }
    writeU32(bytes, at, recordWord(record, 0, length, sequence));
    writeU32(bytes, at + frame - 4, 0xffffffff);
    copyBytes(record, 0, bytes, at + 4, length);
    const target = log.address(log.serial) + log.at;
    const end = log.at + at + frame;
    // Where the flash refuses, nothing more goes into this sector; without its head, the page must end before it.
    log.at = begins ? log.pageBytes : (log.at | (SECTOR_BYTES - 1)) + 1;
    log.sectors.write(target, at + frame);
    log.at = end;
    log.nextSequence = sequence + 1;
    log.ordinal++;
    return ErrorCode.OK;
  }

  /**
   * Begins the next page, in which all sequences are `sequence` or above. The page that lay there is erased; what
   * waits in it is evicted, or the record is refused.
   */
  openPage(sequence: number): ErrorCode {
    const log = this.log;
    const victim = log.serial + 1 - log.pages;
    if (victim > 0) {
      const kept = this._firstOrdinalFrom(victim + 1);
      if (this._gone < kept) {
        if (this._policy === OverflowPolicy.REJECT_NEW) return ErrorCode.OUTBOX_FULL;
        this.evicted += kept - this._gone;
        this._gone = kept;
      }
      if (this._head.serial <= victim) this._head.toPage(victim + 1);
      // The flash must know that these records are gone before it loses the marks that say so.
      if (this._persistedGone < kept) this._writeSlot();
    }
    const head = log.head;
    head.serial = log.serial + 1;
    log.sectors.erase(log.pageIndex(head.serial));
    head.firstSequence = sequence;
    head.firstOrdinal = log.ordinal;
    head.evicted = this.evicted;
    head.gone = this._gone;
    head.write(log.sectors.out, log.priority, log.pages);
    log.sectors.write(log.address(head.serial), PAGE_DONE_AT);
    log.serial = head.serial;
    log.at = PAGE_HEAD_BYTES;
    this._persistedGone = this._gone;
    this._slots = 0;
    return ErrorCode.OK;
  }

  /** See `Outbox.acknowledge`. */
  acknowledge(sequence: number): void {
    const log = this.log;
    const probe = this._probe;
    const head = this._head;
    const firstSerial = head.serial;
    const firstSector = Math.floor(head.at / SECTOR_BYTES);
    let word = 0;
    probe.copyFrom(head);
    while (log.next(probe) && probe.sequence <= sequence) {
      head.copyFrom(probe);
      word = probe.word;
    }
    if (word === 0) return;
    this._gone = head.ordinal + 1;
    // Oldest first: what is marked must not hide what is not.
    for (let serial = firstSerial; serial < head.serial; serial++) {
      log.sectors.mark(log.address(serial) + PAGE_DONE_AT);
    }
    const page = log.address(head.serial);
    const last = Math.floor(head.at / SECTOR_BYTES);
    for (let sector = firstSerial === head.serial ? firstSector : 0; sector < last; sector++) {
      log.sectors.mark(page + sectorStart(sector));
    }
    if (!isMarked(word)) log.sectors.mark(page + head.at);
  }

  /** See `Outbox.read`. */
  read(
    fromSequence: number,
    visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
  ): void {
    const log = this.log;
    const probe = this._probe;
    let expected = this._gone;
    probe.copyFrom(this._head);
    while (log.next(probe)) {
      this._expect(expected, probe.ordinal);
      expected = probe.ordinal + 1;
      if (probe.sequence < fromSequence) continue;
      if (!visit(probe.sequence, log.sectors.bytes, probe.start, probe.end)) return;
    }
    this._expect(expected, log.ordinal);
  }

  /** Reports records that can be read no more, once; those at the front wait no longer. */
  private _expect(expected: number, ordinal: number): void {
    if (ordinal > expected && ordinal > this._lost) {
      this._lost = ordinal;
      this.damaged = true;
    }
    if (expected === this._gone) this._gone = ordinal;
  }

  /** Forgets the contents of pages that belong to another life of the device, and begins behind them. */
  disown(): void {
    this.log.head.firstOrdinal = 0;
    this.damaged = true;
  }

  /** Ordinal of the first record in the oldest whole page from `serial` on. */
  private _firstOrdinalFrom(serial: number): number {
    for (let at = serial; at < this.log.serial; at++) {
      const head = this.log.headOf(at);
      if (head !== undefined) return head.firstOrdinal;
    }
    return this.log.head.firstOrdinal;
  }

  private _writeSlot(): void {
    const log = this.log;
    // Four power cuts in a row, each inside this very write, leave no slot: the count is then lost, not the records.
    if (this._slots === SLOT_COUNT) return;
    const bytes = log.sectors.out;
    writeU32(bytes, 0, this._gone);
    writeU32(bytes, 4, this.evicted);
    writeU32(bytes, 8, slotCheck(bytes, 0, log.serial));
    const at = log.pageBytes - SLOTS_BYTES + this._slots * SLOT_BYTES;
    this._slots++;
    log.sectors.write(log.address(log.serial) + at, SLOT_BYTES);
    this._persistedGone = this._gone;
  }
}
