import { asciiText, copyOf } from "./bytes.js";

/**
 * Reads CBOR that may be hostile, one item after another. A wrong type, a truncated item or an indefinite length sets
 * `failed` and yields 0 or nothing; read on, check once. Nothing that a device receives has floats or negative numbers.
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

  /** Whatever scalar comes next: an unsigned integer, ASCII text, or a copy of a byte string. */
  scalar(): number | string | Uint8Array {
    const major = this.at < this.end ? this.bytes[this.at]! >> 5 : 7;
    if (major !== 2 && major !== 3) return this.unsigned();
    const length = this._string(major);
    const start = this.at - length;
    return major > 2 ? asciiText(this.bytes, start, this.at) : copyOf(this.bytes, start, this.at);
  }

  /** Passes over a byte string that stays where it is. @returns its length; it ends at `at` */
  byteString(): number {
    return this._string(2);
  }

  /** Length of the byte string that begins here, which may be cut short; what there is of it begins at `at`. */
  byteStringHead(): number {
    return this._head(2);
  }

  private _string(major: number): number {
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
