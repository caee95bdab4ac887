import { ErrorCode } from "../core/error-code.js";
import type { Outbox } from "./outbox.js";
import { OverflowPolicy, Priority } from "./outbox.js";
import { RamRing } from "./ram-ring.js";

/** Shape of a RAM outbox. A record of n bytes takes n + 5 of its ring. */
export interface RamOutboxOptions {
  /** A number that no earlier boot of this device has used: the sequence begins again with each boot. */
  readonly incarnation: number;
  readonly normalBytes: number;
  readonly alarmBytes: number;
  readonly normalPolicy: OverflowPolicy;
  readonly alarmPolicy: OverflowPolicy;
  /** At most 250; both rings must hold at least one such record. */
  readonly maxRecordBytes: number;
}

/** The outbox of a board without a flash region of its own: a reset or a power cut loses every record that waits. */
export class RamOutbox implements Outbox {
  readonly incarnation: number;
  readonly maxRecordBytes: number;
  readonly volatile = true;
  private readonly _normal: RamRing;
  private readonly _alarm: RamRing;
  private readonly _scratch: Uint8Array;
  private _next = 1;

  constructor(private readonly _options: RamOutboxOptions) {
    this.incarnation = _options.incarnation;
    this.maxRecordBytes = _options.maxRecordBytes;
    this._normal = new RamRing(_options.normalBytes);
    this._alarm = new RamRing(_options.alarmBytes);
    this._scratch = new Uint8Array(_options.maxRecordBytes + 5);
  }

  append(priority: Priority, record: Uint8Array, length: number): number {
    if (length < 1 || length > this.maxRecordBytes) return -ErrorCode.OUTBOX_RECORD_TOO_BIG;
    const ring = this._ring(priority);
    if (!ring._fits(length)) {
      const policy = priority === Priority.ALARM ? this._options.alarmPolicy : this._options.normalPolicy;
      if (policy === OverflowPolicy.REJECT_NEW) return -ErrorCode.OUTBOX_FULL;
      do {
        ring._drop(this._scratch);
        ring._evicted++;
      } while (!ring._fits(length));
    }
    ring._push(this._next, record, length, this._scratch);
    return this._next++;
  }

  read(
    priority: Priority,
    fromSequence: number,
    visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
  ): void {
    this._ring(priority)._read(fromSequence, this._scratch, visit);
  }

  acknowledge(priority: Priority, sequence: number): void {
    if (sequence >= this._next) return;
    const ring = this._ring(priority);
    while (ring._count > 0 && ring._oldest(this._scratch) <= sequence) ring._drop(this._scratch);
  }

  waiting(priority: Priority): number {
    return this._ring(priority)._count;
  }

  evicted(priority: Priority): number {
    return this._ring(priority)._evicted;
  }

  takeError(): ErrorCode {
    return ErrorCode.OK;
  }

  private _ring(priority: Priority): RamRing {
    return priority === Priority.ALARM ? this._alarm : this._normal;
  }
}
