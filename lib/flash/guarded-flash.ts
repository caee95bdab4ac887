import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { FlashRegion } from "../hal/flash-region.js";

/**
 * A region that erases nothing while the supply is low: an erase takes tens of milliseconds and the most current of all
 * that flash does, and a brown-out within leaves cells that read differently twice. Writes go on while pages have room.
 */
export class GuardedFlash implements FlashRegion {
  readonly pageBytes: number;
  readonly pageCount: number;
  readonly writeUnitBytes: number;
  readonly rewritesPerWord: number;

  /**
   * @param _supplyMillivolts 0 where it cannot be measured: nothing is put off then
   * @param _leastMillivolts for an erase
   */
  constructor(
    private readonly _region: FlashRegion,
    private readonly _supplyMillivolts: () => number,
    private readonly _leastMillivolts: number,
  ) {
    this.pageBytes = _region.pageBytes;
    this.pageCount = _region.pageCount;
    this.writeUnitBytes = _region.writeUnitBytes;
    this.rewritesPerWord = _region.rewritesPerWord;
  }

  read(address: number, into: Uint8Array, count: number): void {
    this._region.read(address, into, count);
  }

  write(address: number, bytes: Uint8Array, count: number): void {
    this._region.write(address, bytes, count);
  }

  /** Throws a DeviceError SUPPLY_LOW (detail: millivolts) where the erase is put off. */
  erasePage(page: number): void {
    const supply = this._supplyMillivolts();
    if (supply && supply < this._leastMillivolts) throw new DeviceError(ErrorCode.SUPPLY_LOW, supply);
    this._region.erasePage(page);
  }
}
