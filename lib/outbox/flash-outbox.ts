import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import { attempt } from "../flash/attempt.js";
import type { FrameVisitor } from "../flash/flash-log.js";
import { Format } from "../flash/flash-log.js";
import { Layout, type FlashPages } from "../flash/flash-pages.js";
import type { Settings } from "../settings/settings.js";
import { FlashRing, Mark } from "./flash-ring.js";
import type { Outbox, OverflowPolicy } from "./outbox.js";
import { Priority } from "./outbox.js";

/** More records than any ring holds. */
const enum Leap {
  SAFE = 65536,
}

/** What a flash outbox is told. */
export interface FlashOutboxOptions {
  /** Used where the flash holds no outbox yet: a number that this device has not used before. */
  readonly freshIncarnation: number;
  readonly normalPolicy: OverflowPolicy;
  readonly alarmPolicy: OverflowPolicy;
}

/** The outbox in flash: what `append` returned for survives every power cut. Format: docs/outbox.md. */
export class FlashOutbox implements Outbox {
  readonly incarnation: number;
  readonly maxRecordBytes = Format.MAX_VALUE_BYTES;
  readonly volatile = false;
  /** True where the flash held no outbox: the sequence has begun again, under the fresh incarnation. */
  readonly formatted: boolean;
  /** By priority. */
  private readonly _rings: FlashRing[];
  private _next: number;

  /**
   * Recovers what the flash holds, or begins an empty outbox.
   * @param settings keep what is delivered and evicted
   * @throws DeviceError FLASH_WRITE_FAILED where the flash refuses, or has less than two pages for each class
   */
  constructor(
    private readonly _pages: FlashPages,
    settings: Settings,
    options: FlashOutboxOptions,
  ) {
    const alarmsAt = _pages._region.pageCount - Layout.ALARM_PAGES;
    const normalPages = alarmsAt - Layout.SETTINGS_PAGES;
    if (normalPages < 2) throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, normalPages);
    const normal = new FlashRing(
      _pages,
      settings,
      Priority.NORMAL,
      Layout.SETTINGS_PAGES,
      normalPages,
      options.normalPolicy,
    );
    const alarm = new FlashRing(_pages, settings, Priority.ALARM, alarmsAt, Layout.ALARM_PAGES, options.alarmPolicy);
    const found = normal._log._serial ? normal : alarm;
    this._rings = [normal, alarm];
    this.formatted = !found._log._serial;
    this.incarnation = this.formatted ? options.freshIncarnation : found._log._incarnation;
    this._next = Math.max(normal._next, alarm._next);
    if (this._next > 1 && !(normal._log._serial && alarm._log._serial)) {
      // One class has lost all of its pages, and with them perhaps the last of the sequence: stay clear of it.
      this._next += Leap.SAFE;
      _pages._damage = ErrorCode.OUTBOX_DAMAGED;
    }
    normal._start(this.incarnation, this._next);
    alarm._start(this.incarnation, this._next);
  }

  append(priority: Priority, record: Uint8Array, length: number): number {
    if (length < 1 || length > this.maxRecordBytes) return -ErrorCode.OUTBOX_RECORD_TOO_BIG;
    const status = attempt(() => this._rings[priority]!._append(this._next, record, length));
    return status ? -status : this._next++;
  }

  read(priority: Priority, fromSequence: number, visit: FrameVisitor): void {
    this._rings[priority]!._read(fromSequence, visit);
  }

  acknowledge(priority: Priority, sequence: number): void {
    if (sequence < this._next) this._rings[priority]!._acknowledge(sequence);
  }

  waiting(priority: Priority): number {
    const ring = this._rings[priority]!;
    return ring._taken - ring._mark[Mark.GONE]!;
  }

  evicted(priority: Priority): number {
    return this._rings[priority]!._mark[Mark.EVICTED]!;
  }

  /** What the next record will have. */
  nextSequence(): number {
    return this._next;
  }

  takeError(): ErrorCode {
    return this._pages.takeError();
  }
}
