import { writeU32 } from "../core/bytes.js";
import type { FlashRegion } from "../hal/flash-region.js";
import { MARK_WORD, SECTOR_BYTES } from "./flash-format.js";

/** The last sector that was read, and room to build what is written: the outbox's only memory of any size. */
export class SectorBuffer {
  readonly bytes = new Uint8Array(SECTOR_BYTES);
  readonly out = new Uint8Array(SECTOR_BYTES);
  private _loaded = -1;

  constructor(readonly region: FlashRegion) {}

  /** Makes `bytes` the sector at an address, with as few reads as possible: each costs an engine dearly. */
  load(address: number): void {
    if (this._loaded === address) return;
    this._loaded = -1;
    this.region.read(address, this.bytes, SECTOR_BYTES);
    this._loaded = address;
  }

  /** Reads a few bytes to the front of `bytes`. */
  peek(address: number, count: number): void {
    this._loaded = -1;
    this.region.read(address, this.bytes, count);
  }

  /** Writes `count` bytes of `out`. */
  write(address: number, count: number): void {
    this._loaded = -1;
    this.region.write(address, this.out, count);
  }

  /** Clears the mark of the word at an address. */
  mark(address: number): void {
    writeU32(this.out, 0, MARK_WORD);
    this.write(address, 4);
  }

  erase(page: number): void {
    this._loaded = -1;
    this.region.erasePage(page);
  }
}
