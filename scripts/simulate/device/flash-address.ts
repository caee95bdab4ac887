import type { Board } from "../../../boards/index.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import { SimulatedFlash } from "../flash/simulated-flash.js";

/** Pages at an address of the board's map. */
export interface MappedPages {
  readonly region: FlashRegion;
  readonly address: number;
}

/** The pages of a board that `require("Flash")` reaches, by the addresses of its map. */
export class AddressedFlash {
  constructor(private readonly parts: readonly MappedPages[]) {}

  read(address: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    const { region, address: start } = this.#at(address);
    region.read(address - start, bytes, count);
    return bytes;
  }

  write(address: number, bytes: Uint8Array): void {
    const { region, address: start } = this.#at(address);
    region.write(address - start, bytes, bytes.length);
  }

  /** Erases the page that holds the address. */
  erase(address: number): void {
    const { region, address: start } = this.#at(address);
    region.erasePage(Math.floor((address - start) / region.pageBytes));
  }

  /** The page that holds an address; undefined outside. */
  page(address: number): { readonly address: number; readonly bytes: number } | undefined {
    const part = this.parts.find((candidate) => holds(candidate, address));
    if (part === undefined) return undefined;
    const { pageBytes } = part.region;
    return { address: address - ((address - part.address) % pageBytes), bytes: pageBytes };
  }

  #at(address: number): MappedPages {
    const part = this.parts.find((candidate) => holds(candidate, address));
    if (part === undefined) throw new Error("Invalid flash address");
    return part;
  }
}

function holds({ region, address: start }: MappedPages, address: number): boolean {
  return address >= start && address < start + region.pageBytes * region.pageCount;
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
