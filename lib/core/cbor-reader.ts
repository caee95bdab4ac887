import { asciiText } from "./bytes.js";

const MAX_DEPTH = 8;

/**
 * Reads CBOR that may be hostile, one item after another, without allocating (text apart). A wrong type, a truncated
 * item or an indefinite length sets `failed` and yields 0 or ""; read on, check once. Floats can only be skipped:
 * nothing that a device receives has one.
 */
export class CborReader {
  at: number;
  failed = false;

  constructor(
    readonly bytes: Uint8Array,
    start: number,
    readonly end: number,
  ) {
    this.at = start;
  }

  /** Number of items of the array that begins here. */
  array(): number {
    return this._head(4);
  }

  /** Number of pairs of the map that begins here. */
  map(): number {
    return this._head(5);
  }

  /** An unsigned integer up to 2^53. */
  unsigned(): number {
    return this._head(0);
  }

  text(): string {
    const length = this._span(3);
    return asciiText(this.bytes, this.at - length, this.at);
  }

  /** Length of the byte string that begins here; `at` moves past it. */
  byteString(): number {
    return this._span(2);
  }

  /** Passes over one item, whatever it is. */
  skip(): void {
    this._skip(MAX_DEPTH);
  }

  private _skip(depth: number): void {
    const initial = this.at < this.end ? this.bytes[this.at]! : 255;
    const major = initial >> 5;
    if (major > 6) {
      // Simple values and floats: the head says how many bytes follow, and no value is needed.
      const info = initial & 31;
      this._pass(info < 24 ? 1 : info < 28 ? 1 + (1 << (info - 24)) : this.end);
    } else if (major === 2 || major === 3) this._span(major);
    else {
      let items = this._head(major);
      if (major < 2) return;
      items = major < 5 ? items : major < 6 ? items * 2 : 1;
      if (depth < 1) this.failed = true;
      while (items-- && !this.failed) this._skip(depth - 1);
    }
  }

  private _span(major: number): number {
    const length = this._head(major);
    return this._pass(length) ? length : 0;
  }

  private _head(major: number): number {
    const initial = this.at < this.end ? this.bytes[this.at]! : 255;
    const info = initial & 31;
    const size = info < 24 ? 0 : info < 28 ? 1 << (info - 24) : this.end;
    if (initial >> 5 !== major) this.failed = true;
    let value = size ? 0 : info;
    if (this._pass(1 + size)) for (let i = size; i > 0; i--) value = value * 256 + this.bytes[this.at - i]!;
    if (value > 9007199254740991) this.failed = true;
    return this.failed ? 0 : value;
  }

  private _pass(count: number): boolean {
    if (this.at + count > this.end) this.failed = true;
    if (!this.failed) this.at += count;
    return !this.failed;
  }
}
