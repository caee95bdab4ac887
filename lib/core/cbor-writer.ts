import { float32Bits, fitsFloat32, halfBits } from "./half-float.js";
import { writeAscii } from "./bytes.js";

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

/**
 * Writes deterministic CBOR (RFC 8949 §4.2.1: shortest heads, shortest exact floats) into a buffer it is given.
 * Nothing is allocated and nothing throws: what does not fit is left out and `overflow` stays set until `reset`.
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
    this._head(0x80, items);
  }

  map(pairs: number): void {
    this._head(0xa0, pairs);
  }

  boolean(value: boolean): void {
    if (this._room(1)) this.bytes[this.length++] = value ? 0xf5 : 0xf4;
  }

  /** A number in its shortest exact form: integer where it is one below 2^53, else half, single or double. */
  number(value: number): void {
    if (value === Math.floor(value) && value < 9007199254740992 && value > -9007199254740992) {
      if (value < 0) this._head(0x20, -1 - value);
      else this._head(0, value);
      return;
    }
    const half = halfBits(value);
    if (half >= 0) this._big(0xf9, half, 2);
    else if (fitsFloat32(value)) this._big(0xfa, float32Bits(value), 4);
    else this._double(value);
  }

  /** ASCII text; another character is written as "?". */
  text(value: string): void {
    this._head(0x60, value.length);
    if (this._room(value.length)) this.length = writeAscii(value, this.bytes, this.length);
  }

  /** A byte string: `count` bytes of `from` at `start`. */
  byteString(from: Uint8Array, start: number, count: number): void {
    this._head(0x40, count);
    this.raw(from, start, count);
  }

  /** Bytes that are CBOR already. */
  raw(from: Uint8Array, start: number, count: number): void {
    if (!this._room(count)) return;
    for (let i = 0; i < count; i++) this.bytes[this.length + i] = from[start + i]!;
    this.length += count;
  }

  private _head(major: number, value: number): void {
    if (value < 24) {
      if (this._room(1)) this.bytes[this.length++] = major | value;
    } else if (value < 256) this._big(major | 24, value, 1);
    else if (value < 65536) this._big(major | 25, value, 2);
    else if (value < 4294967296) this._big(major | 26, value, 4);
    else if (this._room(9)) {
      this._big(major | 27, Math.floor(value / 4294967296), 4);
      this._word(value % 4294967296, 4);
    }
  }

  private _big(initial: number, value: number, size: number): void {
    if (!this._room(size + 1)) return;
    this.bytes[this.length++] = initial;
    this._word(value, size);
  }

  private _word(value: number, size: number): void {
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) this.bytes[this.length++] = (value >>> shift) & 255;
  }

  private _double(value: number): void {
    if (!this._room(9)) return;
    scratch[0] = value;
    this.bytes[this.length++] = 0xfb;
    for (let i = 7; i >= 0; i--) this.bytes[this.length++] = scratchBytes[i]!;
  }

  private _room(count: number): boolean {
    if (this.overflow || this.length + count > this.bytes.length) this.overflow = true;
    return !this.overflow;
  }
}
