import { readU32 } from "../core/bytes.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import { FlashLog, Format } from "../flash/flash-log.js";
import type { FlashPages } from "../flash/flash-pages.js";
import { SettingKey } from "../settings/keys.js";
import type { Settings } from "../settings/settings.js";
import type { Priority } from "./outbox.js";
import { OverflowPolicy } from "./outbox.js";

/** What the settings keep of a ring: four numbers. */
export const enum Mark {
  /** The place behind the last record that is gone: page, by serial number, and offset. */
  SERIAL = 0,
  AT = 1,
  /** Records that are gone, delivered or evicted, and how many of them were evicted. */
  GONE = 2,
  EVICTED = 3,
  COUNT = 4,
}

/** Records of one class: a log, and how much of it is gone. */
export class FlashRing {
  readonly _log: FlashLog;
  readonly _mark = new Uint32Array(Mark.COUNT);
  /** Records ever taken. */
  _taken = 0;
  /** What follows the sequence of the last record. */
  _next = 1;
  private _incarnation!: number;

  /** Recovers what the flash holds of a class. */
  constructor(
    pages: FlashPages,
    private readonly _settings: Settings,
    private readonly _priority: Priority,
    firstPage: number,
    count: number,
    private readonly _policy: OverflowPolicy,
  ) {
    const log = (this._log = new FlashLog(pages, firstPage, count, ErrorCode.OUTBOX_DAMAGED));
    if (!log._serial) return;
    log._recover((sequence) => {
      this._next = sequence + 1;
      this._taken++;
      return true;
    });
    const mark = this._mark;
    const saved = _settings.get(this._key());
    for (let i = 0; i < Mark.COUNT; i++) mark[i] = readU32(saved, i * 4);
    this._next = Math.max(this._next, log._base);
    this._taken = Math.max(this._taken + log._before, mark[Mark.GONE]!);
  }

  /** Begins where nothing was found, and sees that the mark lies in the log. */
  _start(incarnation: number, sequence: number): void {
    const log = this._log;
    const mark = this._mark;
    this._incarnation = incarnation;
    if (!log._serial) {
      const status = this._persist();
      if (status) throw new DeviceError(status, 0);
      this._openPage(sequence);
    }
    const oldest = Math.max(1, log._serial + 1 - log._count);
    if (mark[Mark.SERIAL]! < oldest || mark[Mark.SERIAL]! > log._serial) {
      // Not in this log: the settings were lost. What they knew to be gone is delivered again.
      log._look(oldest);
      mark[Mark.SERIAL] = oldest;
      mark[Mark.AT] = Format.PAGE_HEAD_BYTES;
      mark[Mark.GONE] = Math.min(log._before, this._taken);
    }
  }

  /** Adds a record. Returns OK or OUTBOX_FULL; may throw the flash's DeviceError. */
  _append(sequence: number, record: Uint8Array, length: number): ErrorCode {
    const log = this._log;
    if (!log._fits(length) || sequence - log._base > Format.MAX_TAG) {
      const status = this._makeRoom();
      if (status) return status;
      this._openPage(sequence);
    }
    log._add(sequence - log._base, record, length);
    this._taken++;
    return ErrorCode.OK;
  }

  /** Gives up what waits in the oldest page, which the next one takes the place of. */
  private _makeRoom(): ErrorCode {
    const log = this._log;
    const mark = this._mark;
    let serial = log._serial + 1 - log._count;
    if (mark[Mark.SERIAL]! > serial) return ErrorCode.OK;
    while (log._look(++serial) !== serial && serial < log._serial);
    const waiting = log._before - mark[Mark.GONE]!;
    if (waiting > 0 && this._policy === OverflowPolicy.REJECT_NEW) return ErrorCode.OUTBOX_FULL;
    if (waiting > 0) {
      mark[Mark.EVICTED]! += waiting;
      mark[Mark.GONE] = log._before;
    }
    mark[Mark.SERIAL] = serial;
    mark[Mark.AT] = Format.PAGE_HEAD_BYTES;
    // The flash must know that these records are gone before their page is erased.
    return this._persist();
  }

  private _openPage(sequence: number): void {
    this._log._erase();
    this._log._begin(Format.PAGE_HEAD_BYTES, this._incarnation, sequence, this._taken);
  }

  /** See `Outbox.acknowledge`. */
  _acknowledge(sequence: number): void {
    const log = this._log;
    const mark = this._mark;
    const gone = mark[Mark.GONE]!;
    const all = log._walk(mark[Mark.SERIAL]!, mark[Mark.AT]!, (found) => {
      if (found > sequence) return false;
      mark[Mark.SERIAL] = log._passedSerial;
      mark[Mark.AT] = log._passedAt;
      mark[Mark.GONE]!++;
      return true;
    });
    // Where records were lost to damage, the count is too low.
    if (all) mark[Mark.GONE] = this._taken;
    if (mark[Mark.GONE] !== gone) this._persist();
  }

  /** See `Outbox.read`. */
  _read(
    fromSequence: number,
    visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
  ): void {
    const mark = this._mark;
    let count = 0;
    const all = this._log._walk(mark[Mark.SERIAL]!, mark[Mark.AT]!, (sequence, bytes, start, end) => {
      count++;
      return sequence < fromSequence || visit(sequence, bytes, start, end);
    });
    // What was lost to damage waits no longer.
    if (all) mark[Mark.GONE] = Math.max(0, this._taken - count);
  }

  private _persist(): ErrorCode {
    return this._settings.set(this._key(), new Uint8Array(this._mark.buffer));
  }

  private _key(): SettingKey {
    return SettingKey.OUTBOX_NORMAL + this._priority;
  }
}
