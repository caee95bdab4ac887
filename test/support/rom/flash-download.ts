import { constants, inflateSync } from "node:zlib";
import type { NorFlash } from "./nor-flash.js";
import { SECTOR_BYTES } from "./nor-flash.js";

/** A FLASH_BEGIN or FLASH_DEFL_BEGIN and the data behind it. */
export class FlashDownload {
  readonly #flash: NorFlash;
  readonly #erasesAhead: boolean;
  #packed: Uint8Array = new Uint8Array(0);
  #at: number;
  #erasedTo: number;
  #inflated = 0;

  /** @param erasesAhead as the ROM does, at once; the stub erases a sector when it gets there */
  constructor(
    flash: NorFlash,
    address: number,
    bytes: number,
    erasesAhead: boolean,
    readonly isDeflated: boolean,
  ) {
    this.#flash = flash;
    this.#erasesAhead = erasesAhead;
    this.#at = this.#erasedTo = address;
    if (erasesAhead) flash.erase(address, bytes);
  }

  /** @returns false where the data cannot be unpacked */
  take(data: Uint8Array): boolean {
    if (!this.isDeflated) return this.#write(data);
    this.#packed = Buffer.concat([this.#packed, data]);
    try {
      const all = inflateSync(this.#packed, { finishFlush: constants.Z_SYNC_FLUSH });
      const fresh = all.subarray(this.#inflated);
      this.#inflated = all.length;
      return this.#write(fresh);
    } catch {
      return false;
    }
  }

  #write(data: Uint8Array): boolean {
    const end = this.#at + data.length;
    if (!this.#erasesAhead && end > this.#erasedTo) {
      this.#flash.erase(this.#erasedTo, end - this.#erasedTo);
      this.#erasedTo = Math.ceil(end / SECTOR_BYTES) * SECTOR_BYTES;
    }
    this.#flash.program(this.#at, data);
    this.#at = end;
    return true;
  }
}
