import { copyBytes, readU32, writeU32 } from "../core/bytes.js";
import type { ErrorCode } from "../core/error-code.js";
import type { FlashPages } from "./flash-pages.js";

/** Bytes and words of the log. docs/outbox.md has the same as pictures, and the reasons. */
export const enum Format {
  /** Head of a page: incarnation, serial number, first sequence, frames before, CRC-32. */
  PAGE_HEAD_BYTES = 20,
  /** In front of a value: 24 bits of CRC-32, length, tag. */
  FRAME_HEAD_BYTES = 6,
  MAX_VALUE_BYTES = 200,
  MAX_FRAME_BYTES = 206,
  MAX_TAG = 0xffff,
}

/** Takes the frame in `bytes[start, end)`, valid during the call only. False ends the walk. */
export type FrameVisitor = (sequence: number, bytes: Uint8Array, start: number, end: number) => boolean;

/**
 * Frames over pages that are used in turn: page n, counted from 1 without end, lies at index n modulo the pages. What a
 * power cut leaves of a frame fails its CRC, and the next frame goes behind all that may have been touched. A page
 * counts once its head is whole, which is written last.
 */
export class FlashLog {
  /** Serial number of the newest page; 0 where there is none. */
  _serial = 0;
  /** Where the next frame goes in it; the size of a page where none may. */
  _at: number;
  /** What the tags in it are counted from. */
  _base!: number;
  // Of the page head that was looked at last.
  _incarnation!: number;
  _first!: number;
  _before!: number;
  // The place behind the frame that was visited last.
  _passedSerial!: number;
  _passedAt!: number;

  /**
   * Looks for the newest page.
   * @param _kind of damage to report; pages of another kind are foreign
   */
  constructor(
    readonly _pages: FlashPages,
    private readonly _firstPage: number,
    readonly _count: number,
    private readonly _kind: ErrorCode,
  ) {
    this._at = _pages._pageBytes;
    for (let i = 0; i < _count; i++) {
      const serial = this._look(i);
      if (serial > this._serial) this._serial = serial;
    }
  }

  /** Reads the head of the page with a serial number (or an index). Returns its serial number; -1 where it has none. */
  _look(serial: number): number {
    const pages = this._pages;
    const bytes = pages._bytes;
    const start = pages._load(this._address(serial), Format.PAGE_HEAD_BYTES);
    this._incarnation = readU32(bytes, start);
    this._first = readU32(bytes, start + 8);
    this._before = readU32(bytes, start + 12);
    return (pages._check(start, 16) ^ readU32(bytes, start + 16)) === this._kind ? readU32(bytes, start + 4) : -1;
  }

  /** Visits the newest page and finds its end: needed once, before anything is added. */
  _recover(visit: FrameVisitor): void {
    this._walk(this._serial, Format.PAGE_HEAD_BYTES, visit);
    this._at = this._passedAt;
    this._base = this._first;
  }

  /** Visits what lies behind a place. False where `visit` ended it before the end of the log. */
  _walk(serial: number, at: number, visit: FrameVisitor): boolean {
    const pages = this._pages;
    const bytes = pages._bytes;
    // Behind whatever a torn frame may be the front of: nothing may be written where its rest would lie.
    let torn = 0;
    for (; serial <= this._serial; serial++) {
      const end = serial < this._serial ? pages._pageBytes : this._at;
      if (this._look(serial) !== serial) {
        pages._damage = this._kind;
        at = end;
      }
      while (at < end) {
        const start = pages._load(this._address(serial) + at, Format.MAX_FRAME_BYTES);
        const room = Math.min(end - at, Format.MAX_FRAME_BYTES);
        const size = Format.FRAME_HEAD_BYTES + bytes[start + 3]!;
        if (size <= room && !((pages._check(start + 3, size - 3) ^ readU32(bytes, start)) & 0xffffff)) {
          const tag = readU32(bytes, start + 4) & Format.MAX_TAG;
          this._passedSerial = serial;
          this._passedAt = at += size;
          if (!visit(this._first + tag, bytes, start + Format.FRAME_HEAD_BYTES, start + size)) return false;
        } else {
          let blank = 0;
          while (blank < room && bytes[start + blank] === 255) blank++;
          if (blank === room) break;
          pages._damage = this._kind;
          if (size <= room && at + size > torn) torn = at + size;
          // A frame has its length, which is not 255, in its fourth byte.
          at += blank > 4 ? blank - 3 : 1;
        }
      }
      this._passedAt = at > torn ? at : torn;
      at = Format.PAGE_HEAD_BYTES;
    }
    return true;
  }

  _fits(length: number): boolean {
    return this._at + Format.FRAME_HEAD_BYTES + length <= this._pages._pageBytes;
  }

  /** Adds a frame that fits. Where the flash refuses, nothing more goes into the page. */
  _add(tag: number, value: Uint8Array, length: number): void {
    const at = this._at;
    this._at = this._pages._pageBytes;
    this._at = this._put(this._serial, at, tag, value, length);
  }

  /** Makes the next page ready for frames; nothing more goes into the newest. */
  _erase(): void {
    this._at = this._pages._pageBytes;
    this._pages._erase(this._page(this._serial + 1));
  }

  /** Writes a frame to a page. Returns the place behind it. */
  _put(serial: number, at: number, tag: number, value: Uint8Array, length: number): number {
    const pages = this._pages;
    const bytes = pages._bytes;
    const address = this._address(serial) + at;
    // Frames begin at any byte, writes at a word: ones leave what lies there as it is.
    const start = address & 3;
    const size = start + Format.FRAME_HEAD_BYTES + length;
    bytes.fill(255, 0, size + 3);
    writeU32(bytes, start, length << 24);
    writeU32(bytes, start + 4, tag | ~Format.MAX_TAG);
    copyBytes(value, 0, bytes, start + Format.FRAME_HEAD_BYTES, length);
    writeU32(bytes, start, (pages._check(start + 3, length + 3) & 0xffffff) | (length << 24));
    pages._write(address - start, size);
    return at + size - start;
  }

  /** Writes the head of the page that `_erase` made ready: it is the newest, and goes on at `at`. */
  _begin(at: number, incarnation: number, first: number, before: number): void {
    const bytes = this._pages._bytes;
    const serial = this._serial + 1;
    writeU32(bytes, 0, incarnation);
    writeU32(bytes, 4, serial);
    writeU32(bytes, 8, first);
    writeU32(bytes, 12, before);
    writeU32(bytes, 16, this._pages._check(0, 16) ^ this._kind);
    this._pages._write(this._address(serial), Format.PAGE_HEAD_BYTES);
    this._serial = serial;
    this._at = at;
    this._base = first;
  }

  private _address(serial: number): number {
    return this._page(serial) * this._pages._pageBytes;
  }

  private _page(serial: number): number {
    return this._firstPage + (serial % this._count);
  }
}
