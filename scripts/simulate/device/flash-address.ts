import type { Board } from "../../../boards/index.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import { SimulatedFlash } from "../flash/simulated-flash.js";

/** The pages of a board that are free for `require("Flash")`, by the addresses of its map. */
export class AddressedFlash {
  readonly pageBytes: number;

  constructor(
    readonly region: FlashRegion,
    readonly address: number,
  ) {
    this.pageBytes = region.pageBytes;
  }

  read(address: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    this.region.read(address - this.address, bytes, count);
    return bytes;
  }

  write(address: number, bytes: Uint8Array): void {
    this.region.write(address - this.address, bytes, bytes.length);
  }

  /** Erases the page that holds the address. */
  erase(address: number): void {
    this.region.erasePage(Math.floor((address - this.address) / this.pageBytes));
  }

  /** First address of the page, or -1 outside. */
  page(address: number): number {
    const page = Math.floor((address - this.address) / this.pageBytes);
    return page >= 0 && page < this.region.pageCount ? this.address + page * this.pageBytes : -1;
  }
}

/** The pages of a board's Storage as simulated NOR flash, erased. */
export function storageFlash({ storage, writeUnitBytes, rewritesPerWord }: Board): SimulatedFlash {
  const { pageBytes, pages } = storage;
  return new SimulatedFlash({ pageBytes, pageCount: pages, writeUnitBytes, rewritesPerWord });
}

/** Pages that hold anything. */
export function usedPages({ image, pageBytes, pageCount }: SimulatedFlash): number {
  let used = 0;
  for (let page = 0; page < pageCount; page++) {
    if (image.subarray(page * pageBytes, (page + 1) * pageBytes).some((byte) => byte !== 0xff)) used++;
  }
  return used;
}

/** The free pages of a board as simulated NOR flash, erased; undefined where it has none. */
export function boardFlash(board: Board): SimulatedFlash | undefined {
  const first = board.freeRegions[0];
  if (first === undefined) return undefined;
  return new SimulatedFlash({
    pageBytes: first.pageBytes,
    pageCount: board.freeRegions.reduce((sum, region) => sum + region.pages, 0),
    writeUnitBytes: board.writeUnitBytes,
    rewritesPerWord: board.rewritesPerWord,
  });
}
