import { copyBytes, writeAscii } from "./bytes.js";
import { float32Bits, halfBits } from "./half-float.js";

/**
 * Writes CBOR (RFC 8949) with the shortest heads into a buffer it is given. Nothing is allocated and nothing throws:
 * what does not fit is left out and `overflow` stays set until `reset`.
 */
export class CborWriter {
  /** Bytes written so far. */
  length = 0;
  /** True once something did not fit; the bytes are then not a message. */
  overflow = false;

  constructor(readonly bytes: Uint8Array) {}

  /** Begins again at the start of the buffer. */
  reset(): void {
    this.length = 0;
    this.overflow = false;
  }

  array(items: number): void {
    this._head(128, items);
  }

  map(pairs: number): void {
    this._head(160, pairs);
  }

  /** A number between -2^53 and 2^53: a whole one exactly, any other rounded to a single, as a half where that says the same. */
  number(value: number): void {
    if (value !== Math.floor(value)) {
      const half = halfBits(value);
      if (half < 0) this._put(250, float32Bits(value), 4);
      else this._put(249, half, 2);
    } else if (value < 0) this._head(32, -1 - value);
    else this._head(0, value);
  }

  /** ASCII text; another character is written as "?". */
  text(value: string): void {
    this._head(96, value.length);
    if (this._room(value.length)) this.length = writeAscii(value, this.bytes, this.length);
  }

  /** A byte string. */
  byteString(from: Uint8Array, start: number, count: number): void {
    this._head(64, count);
    this.raw(from, start, count);
  }

  /** Bytes that are CBOR already. */
  raw(from: Uint8Array, start: number, count: number): void {
    if (!this._room(count)) return;
    copyBytes(from, start, this.bytes, this.length, count);
    this.length += count;
  }

  private _head(major: number, value: number): void {
    // Numbers of 0, 1, 2, 4 and 8 bytes.
    const form = value < 24 ? 0 : value < 256 ? 1 : value < 65536 ? 2 : value < 4294967296 ? 3 : 4;
    this._put(major | (form ? 23 + form : value), value, (1 << form) >> 1);
  }

  /** The first byte of an item and the `size` bytes of a number after it, big-endian. */
  private _put(initial: number, value: number, size: number): void {
    if (!this._room(size + 1)) return;
    const at = this.length;
    this.bytes[at] = initial;
    this.length += size + 1;
    for (; size; size--) {
      this.bytes[at + size] = value % 256;
      value = Math.floor(value / 256);
    }
  }

  private _room(count: number): boolean {
    if (this.length + count > this.bytes.length) this.overflow = true;
    return !this.overflow;
  }
}
