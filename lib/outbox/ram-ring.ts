import { copyBytes, readU32, writeU32 } from "../core/bytes.js";

/** Sequence and length in front of each record. */
const FRAME_BYTES = 5;

/** Records of one class in a flat ring of bytes: no object per record, nothing allocated after construction. */
export class RamRing {
  _count = 0;
  _evicted = 0;
  private readonly _bytes: Uint8Array;
  private _head = 0;
  private _used = 0;

  constructor(capacityBytes: number) {
    this._bytes = new Uint8Array(capacityBytes);
  }

  /** True where a record of `length` bytes has room without an eviction. */
  _fits(length: number): boolean {
    return this._used + FRAME_BYTES + length <= this._bytes.length;
  }

  /** Adds a record that fits. `scratch` holds FRAME_BYTES more than the record. */
  _push(sequence: number, record: Uint8Array, length: number, scratch: Uint8Array): void {
    writeU32(scratch, 0, sequence);
    scratch[4] = length;
    copyBytes(record, 0, scratch, FRAME_BYTES, length);
    const total = FRAME_BYTES + length;
    let at = this._head + this._used;
    if (at >= this._bytes.length) at -= this._bytes.length;
    const first = Math.min(total, this._bytes.length - at);
    copyBytes(scratch, 0, this._bytes, at, first);
    if (first < total) copyBytes(scratch, first, this._bytes, 0, total - first);
    this._used += total;
    this._count++;
  }

  /** Drops the oldest record. */
  _drop(scratch: Uint8Array): void {
    const total = this._frame(this._head, scratch);
    this._head = this._wrap(this._head + total);
    this._used -= total;
    this._count--;
  }

  /** Sequence of the oldest record; 0 where there is none. */
  _oldest(scratch: Uint8Array): number {
    if (this._count === 0) return 0;
    this._copy(this._head, scratch, FRAME_BYTES);
    return readU32(scratch, 0);
  }

  /** See `Outbox.read`. */
  _read(
    fromSequence: number,
    scratch: Uint8Array,
    visit: (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean,
  ): void {
    let at = this._head;
    for (let i = this._count; i > 0; i--) {
      const total = this._frame(at, scratch);
      const sequence = readU32(scratch, 0);
      if (sequence >= fromSequence && !visit(sequence, scratch, FRAME_BYTES, total)) return;
      at = this._wrap(at + total);
    }
  }

  private _frame(at: number, scratch: Uint8Array): number {
    this._copy(at, scratch, FRAME_BYTES);
    const total = FRAME_BYTES + scratch[4]!;
    this._copy(at, scratch, total);
    return total;
  }

  private _copy(at: number, into: Uint8Array, count: number): void {
    const first = Math.min(count, this._bytes.length - at);
    copyBytes(this._bytes, at, into, 0, first);
    if (first < count) copyBytes(this._bytes, 0, into, first, count - first);
  }

  private _wrap(at: number): number {
    return at >= this._bytes.length ? at - this._bytes.length : at;
  }
}
