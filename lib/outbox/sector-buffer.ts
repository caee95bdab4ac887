import { writeU32 } from "../core/bytes.js";
import type { FlashRegion } from "../hal/flash-region.js";
import { MARK_WORD, SECTOR_BYTES } from "./flash-format.js";

/** The last sector that was read, and room to build what is written: the outbox's only memory of any size. */
export class SectorBuffer {
  readonly _bytes = new Uint8Array(SECTOR_BYTES);
  readonly _out = new Uint8Array(SECTOR_BYTES);
  private _loaded = -1;

  constructor(readonly _region: FlashRegion) {}

  /** Makes `bytes` the sector at an address, with as few reads as possible: each costs an engine dearly. */
  _load(address: number): void {
    if (this._loaded === address) return;
    this._loaded = -1;
    this._region.read(address, this._bytes, SECTOR_BYTES);
    this._loaded = address;
  }

  /** Reads a few bytes to the front of `bytes`. */
  _peek(address: number, count: number): void {
    this._loaded = -1;
    this._region.read(address, this._bytes, count);
  }

  /** Writes `count` bytes of `out`. */
  _write(address: number, count: number): void {
    this._loaded = -1;
    this._region.write(address, this._out, count);
  }

  /** Clears the mark of the word at an address. */
  _mark(address: number): void {
    writeU32(this._out, 0, MARK_WORD);
    this._write(address, 4);
  }

  _erase(page: number): void {
    this._loaded = -1;
    this._region.erasePage(page);
  }
}
