import { crc32 } from "../core/crc32.js";
import { ErrorCode } from "../core/error-code.js";
import type { FlashRegion } from "../hal/flash-region.js";

export const enum Layout {
  /** The settings have the first pages of the region, the outbox has the rest. */
  SETTINGS_PAGES = 2,
  /** At the end of the region, for alarms. */
  ALARM_PAGES = 2,
  /** Bytes of flash that are held in memory at a time: well more than the longest frame. */
  BUFFER_BYTES = 384,
}

/** A flash region, with the one buffer through which its logs read and write. */
export class FlashPages {
  readonly _bytes = new Uint8Array(Layout.BUFFER_BYTES);
  readonly _pageBytes: number;
  /** Code of damage that was met and passed over. */
  _damage: ErrorCode = ErrorCode.OK;
  /** Address of the first byte in the buffer. */
  private _from = Infinity;

  /**
   * @param _region pages of at least 512 bytes, units of at most 4 bytes and two writes to each of them: the build
   *   refuses a board whose free pages are not (boards/check-board.ts)
   */
  constructor(readonly _region: FlashRegion) {
    this._pageBytes = _region.pageBytes;
  }

  /** Code of damage met and passed over since the last call; OK where there was none. */
  takeError(): ErrorCode {
    const code = this._damage;
    this._damage = ErrorCode.OK;
    return code;
  }

  /** Sees that the buffer holds `count` bytes from an address on. Returns where they are in it. */
  _load(address: number, count: number): number {
    const region = this._region;
    if (address < this._from || address + count > this._from + Layout.BUFFER_BYTES) {
      this._from = address;
      region.read(address, this._bytes, Math.min(Layout.BUFFER_BYTES, this._pageBytes * region.pageCount - address));
    }
    return address - this._from;
  }

  /** CRC-32 of bytes in the buffer. */
  _check(start: number, count: number): number {
    return crc32(new Uint8Array(this._bytes.buffer, start, count));
  }

  /** Writes the first bytes of the buffer, and what follows them up to a whole word. */
  _write(address: number, count: number): void {
    this._from = Infinity;
    this._region.write(address, this._bytes, (count + 3) & ~3);
  }

  _erase(page: number): void {
    this._from = Infinity;
    this._region.erasePage(page);
  }
}
