import type { FlashRegion } from "../hal/flash-region.js";
import { MARK_WORD, SECTOR_BYTES } from "./flash-format.js";

/**
 * The last sector that was read, and room to build what is written: the outbox's only memory of any size. Both are
 * read as words too; every engine that we run on is little-endian, as the format is.
 */
export class SectorBuffer {
  readonly _bytes = new Uint8Array(SECTOR_BYTES);
  readonly _words = new Uint32Array(this._bytes.buffer);
  readonly _out = new Uint8Array(SECTOR_BYTES);
  readonly _outWords = new Uint32Array(this._out.buffer);
  private _loaded = -1;

  constructor(readonly _region: FlashRegion) {}

  /** Makes `_bytes` the sector at an address, with as few reads as possible: each costs an engine dearly. */
  _load(address: number): void {
    if (this._loaded === address) return;
    this._peek(address, SECTOR_BYTES);
    this._loaded = address;
  }

  /** Reads a few bytes to the front of `_bytes`. */
  _peek(address: number, count: number): void {
    this._loaded = -1;
    this._region.read(address, this._bytes, count);
  }

  /** Writes `count` bytes of `_out`. */
  _write(address: number, count: number): void {
    this._loaded = -1;
    this._region.write(address, this._out, count);
  }

  /** Writes one word. */
  _put(address: number, word: number): void {
    this._outWords[0] = word;
    this._write(address, 4);
  }

  /** Clears the mark of the word at an address. */
  _mark(address: number): void {
    this._put(address, MARK_WORD);
  }

  _erase(page: number): void {
    this._loaded = -1;
    this._region.erasePage(page);
  }
}
