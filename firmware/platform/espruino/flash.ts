import { DeviceError } from "../../../lib/core/device-error.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import type { FlashRange, FlashRegion } from "../../../lib/hal/flash-region.js";

/** Bytes that are looked at after an erase. */
const CHECKED_BYTES = 32;

/**
 * Pages of flash that Storage does not own, through `require("Flash")`. Writes are whole words: the module would
 * complete others with what it reads.
 */
export class EspruinoFlash implements FlashRegion {
  readonly writeUnitBytes = 4;
  /** SPI NOR flash sets no limit. */
  readonly rewritesPerWord = 255;

  readonly pageBytes: number;
  readonly pageCount: number;
  private readonly _flash = require("Flash");
  private readonly _start: number;

  constructor(pages: FlashRange) {
    this._start = pages.address;
    this.pageBytes = pages.pageBytes;
    this.pageCount = pages.pages;
  }

  read(address: number, into: Uint8Array, count: number): void {
    into.set(this._flash.read(count, this._start + address));
  }

  write(address: number, bytes: Uint8Array, count: number): void {
    this._flash.write(new Uint8Array(bytes.buffer, bytes.byteOffset, count), this._start + address);
  }

  erasePage(page: number): void {
    const address = this._start + page * this.pageBytes;
    this._flash.erasePage(address);
    // The call has no result, and on ESP-IDF 5 it hands the driver a page number for an address, which erases nothing
    // (targets/esp32/jshardware.c). What was written last in a page begins at its front: look there.
    if (E.sum(this._flash.read(CHECKED_BYTES, address)) !== CHECKED_BYTES * 0xff) {
      throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, address);
    }
  }
}
