import { createHash } from "node:crypto";

export const SECTOR_BYTES = 0x1000;

/** The flash of a chip: writes clear bits, erasing sets those of whole sectors. */
export class NorFlash {
  readonly bytes: Uint8Array;
  /** Sectors erased, in order. */
  readonly erased: number[] = [];

  constructor(size: number) {
    this.bytes = new Uint8Array(size).fill(0xff);
  }

  erase(address: number, count: number): void {
    const first = Math.floor(address / SECTOR_BYTES);
    const last = Math.ceil((address + count) / SECTOR_BYTES);
    for (let sector = first; sector < last; sector++) {
      this.bytes.fill(0xff, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
      this.erased.push(sector);
    }
  }

  program(address: number, data: Uint8Array): void {
    for (let i = 0; i < data.length; i++) this.bytes[address + i] = this.bytes[address + i]! & data[i]!;
  }

  md5(address: number, count: number): Buffer {
    return createHash("md5")
      .update(this.bytes.subarray(address, address + count))
      .digest();
  }
}
