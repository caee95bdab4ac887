import type { FlashRegion } from "../../../lib/hal/flash-region.js";

/** Some pages of a region as a region of their own: settings and outbox of one chip share its operation count. */
export class FlashWindow implements FlashRegion {
  readonly pageBytes: number;
  readonly writeUnitBytes: number;
  readonly rewritesPerWord: number;
  readonly #start: number;

  constructor(
    readonly whole: FlashRegion,
    readonly firstPage: number,
    readonly pageCount: number,
  ) {
    if (firstPage + pageCount > whole.pageCount) throw new RangeError("A window reaches past its flash.");
    this.pageBytes = whole.pageBytes;
    this.writeUnitBytes = whole.writeUnitBytes;
    this.rewritesPerWord = whole.rewritesPerWord;
    this.#start = firstPage * whole.pageBytes;
  }

  read(address: number, into: Uint8Array, count: number): void {
    this.#inside(address, count);
    this.whole.read(this.#start + address, into, count);
  }

  write(address: number, bytes: Uint8Array, count: number): void {
    this.#inside(address, count);
    this.whole.write(this.#start + address, bytes, count);
  }

  erasePage(page: number): void {
    this.#inside(page * this.pageBytes, this.pageBytes);
    this.whole.erasePage(this.firstPage + page);
  }

  #inside(address: number, count: number): void {
    if (address < 0 || address + count > this.pageCount * this.pageBytes) {
      throw new RangeError(`Address ${address} lies outside the window.`);
    }
  }
}
