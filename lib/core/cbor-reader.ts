import { asciiText } from "./bytes.js";
import { float32FromBits, halfFromBits } from "./half-float.js";

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);
const MAX_DEPTH = 8;

/**
 * Reads CBOR that may be hostile, one item after another, without allocating (text apart).
 * A wrong type, a truncated item or an indefinite length sets `failed` and yields 0 or ""; read on, check once.
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

  /** An integer or a float. */
  number(): number {
    const initial = this._peek();
    const major = initial >> 5;
    if (major === 0) return this._head(0);
    if (major === 1) return -1 - this._head(1);
    const size = initial === 0xf9 ? 2 : initial === 0xfa ? 4 : initial === 0xfb ? 8 : 0;
    if (size === 0 || this.at + 1 + size > this.end) return this._fail();
    this.at++;
    if (size === 8) {
      for (let i = 7; i >= 0; i--) scratchBytes[i] = this.bytes[this.at++]!;
      return scratch[0]!;
    }
    const word = this._word(size);
    return size === 2 ? halfFromBits(word) : float32FromBits(word | 0);
  }

  boolean(): boolean {
    const initial = this._peek();
    if (initial !== 0xf4 && initial !== 0xf5) this._fail();
    else this.at++;
    return initial === 0xf5;
  }

  text(): string {
    const length = this._head(3);
    if (!this._has(length)) return "";
    this.at += length;
    return asciiText(this.bytes, this.at - length, this.at);
  }

  /** Length of the byte string that begins here; its first byte is then at `at`, and `at` moves past it. */
  byteString(): number {
    const length = this._head(2);
    if (!this._has(length)) return 0;
    this.at += length;
    return length;
  }

  /** Passes over one item, whatever it is. */
  skip(): void {
    this._skip(0);
  }

  private _skip(depth: number): void {
    const initial = this._peek();
    const major = initial >> 5;
    if (depth > MAX_DEPTH) this._fail();
    else if (major === 7) {
      const info = initial & 31;
      const size = info < 24 ? 0 : info < 28 ? 1 << (info - 24) : -1;
      if (size < 0 || !this._has(1 + size)) this._fail();
      else this.at += 1 + size;
    } else {
      const value = this._head(major);
      if (major === 2 || major === 3) {
        if (this._has(value)) this.at += value;
      } else if (major > 3) {
        const items = major === 4 ? value : major === 5 ? value * 2 : 1;
        for (let i = 0; i < items && !this.failed; i++) this._skip(depth + 1);
      }
    }
  }

  private _peek(): number {
    if (this.failed || this.at >= this.end) {
      this._fail();
      return 0xff;
    }
    return this.bytes[this.at]!;
  }

  private _head(major: number): number {
    const initial = this._peek();
    const info = initial & 31;
    if (this.failed || initial >> 5 !== major || info > 27) return this._fail();
    if (info < 24) {
      this.at++;
      return info;
    }
    const size = 1 << (info - 24);
    if (!this._has(1 + size)) return 0;
    this.at++;
    if (size < 8) return this._word(size);
    const high = this._word(4);
    if (high > 0x1fffff) return this._fail();
    return high * 4294967296 + this._word(4);
  }

  private _word(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.bytes[this.at++]!;
    return value;
  }

  private _has(count: number): boolean {
    if (this.failed || this.at + count > this.end) this._fail();
    return !this.failed;
  }

  private _fail(): number {
    this.failed = true;
    return 0;
  }
}
