import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { FlashRegion } from "../hal/flash-region.js";
import { Head, MAX_RECORD_BYTES, SECTOR_BYTES } from "./flash-format.js";
import type { Outbox } from "./outbox.js";
import type { OverflowPolicy } from "./outbox.js";
import { Priority } from "./outbox.js";
import { Ring } from "./ring.js";
import { acknowledge, append, openPage, read } from "./ring-operations.js";
import { findNewestPage, recover } from "./ring-recovery.js";
import { SectorBuffer } from "./sector-buffer.js";

/** More records than any ring holds. */
const SAFE_LEAP = 65536;

/** Shape of a flash outbox. Another `alarmPages` than before makes the old contents foreign: they are dropped. */
export interface FlashOutboxOptions {
  /** Used where the flash holds no outbox yet: a number that this device has not used before. */
  readonly freshIncarnation: number;
  /** Pages at the end of the region for alarms; at least 2, as for normal records. */
  readonly alarmPages: number;
  readonly normalPolicy: OverflowPolicy;
  readonly alarmPolicy: OverflowPolicy;
}

/** The outbox in flash: what `append` returned for survives every power cut. Format: docs/outbox.md. */
export class FlashOutbox implements Outbox {
  readonly incarnation: number;
  readonly maxRecordBytes = MAX_RECORD_BYTES;
  readonly volatile = false;
  /** True where the flash held no outbox: the sequence has begun again, under the fresh incarnation. */
  readonly formatted: boolean;
  private readonly _normal: Ring;
  private readonly _alarm: Ring;
  private _next: number;

  /**
   * Recovers what the flash holds, with about 40 reads, or begins an empty outbox.
   * @throws DeviceError FLASH_WRITE_FAILED where the flash does not suit (pages of 512 to 4,096 bytes, units of at
   *   most 4 bytes and 4 writes per word are needed) or refuses
   */
  constructor(region: FlashRegion, options: FlashOutboxOptions) {
    const normalPages = region.pageCount - options.alarmPages;
    if (
      normalPages < 2 ||
      options.alarmPages < 2 ||
      region.writeUnitBytes > 4 ||
      region.rewritesPerWord < 4 ||
      region.pageBytes > 4096 ||
      region.pageBytes < 2 * SECTOR_BYTES
    ) {
      throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, region.pageCount);
    }
    const sectors = new SectorBuffer(region);
    const normal = new Ring(sectors, Priority.NORMAL, 0, normalPages, options.normalPolicy);
    const alarm = new Ring(sectors, Priority.ALARM, normalPages, options.alarmPages, options.alarmPolicy);
    this._normal = normal;
    this._alarm = alarm;
    const found = findNewestPage(normal);
    const both = findNewestPage(alarm) && found;
    this.formatted = normal._serial + alarm._serial === 0;
    const alarmLeads = !found || (both && alarm._head[Head.FIRST_SEQUENCE]! > normal._head[Head.FIRST_SEQUENCE]!);
    this.incarnation = this.formatted
      ? options.freshIncarnation
      : (alarmLeads ? alarm : normal)._head[Head.INCARNATION]!;
    this._open(normal);
    this._open(alarm);
    this._next = Math.max(normal._nextSequence, alarm._nextSequence);
    if (!both && this._next > 1) {
      // One class has lost all of its pages, and with them perhaps the last of the sequence: stay clear of it.
      this._next += SAFE_LEAP;
      normal._damaged = true;
    }
    if (normal._at === 0) openPage(normal, this._next);
    if (alarm._at === 0) openPage(alarm, this._next);
  }

  append(priority: Priority, record: Uint8Array, length: number): number {
    if (length < 1 || length > MAX_RECORD_BYTES) return -ErrorCode.OUTBOX_RECORD_TOO_BIG;
    try {
      const status = append(this._ring(priority), this._next, record, length);
      return status === ErrorCode.OK ? this._next++ : -status;
    } catch (error) {
      return -flashError(error);
    }
  }

  read(
    priority: Priority,
    fromSequence: number,
    visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
  ): void {
    read(this._ring(priority), fromSequence, visit);
  }

  acknowledge(priority: Priority, sequence: number): void {
    if (sequence >= this._next) return;
    try {
      acknowledge(this._ring(priority), sequence);
    } catch (error) {
      // The mark is missing and the record gone all the same: at worst it is sent again after a restart.
      flashError(error);
    }
  }

  waiting(priority: Priority): number {
    const ring = this._ring(priority);
    return ring._ordinal - ring._gone;
  }

  evicted(priority: Priority): number {
    return this._ring(priority)._evicted;
  }

  /** What the next record will have. */
  nextSequence(): number {
    return this._next;
  }

  takeError(): ErrorCode {
    const damaged = this._normal._damaged || this._alarm._damaged;
    this._normal._damaged = this._alarm._damaged = false;
    return damaged ? ErrorCode.OUTBOX_DAMAGED : ErrorCode.OK;
  }

  /** Recovers a class, or makes its log ready for a first page of this incarnation. */
  private _open(ring: Ring): void {
    const head = ring._head;
    if (head[Head.INCARNATION] === this.incarnation && ring._serial > 0) recover(ring);
    else if (ring._serial > 0) {
      // Pages of another life of the device: their numbers go on, and nothing else of them.
      head[Head.FIRST_ORDINAL] = 0;
      ring._damaged = true;
    }
    head[Head.INCARNATION] = this.incarnation;
  }

  private _ring(priority: Priority): Ring {
    return priority === Priority.ALARM ? this._alarm : this._normal;
  }
}

/** The code of what the flash threw; anything else is no matter of the outbox. */
function flashError(error: unknown): ErrorCode {
  if (error instanceof DeviceError) return error.code;
  throw error;
}
