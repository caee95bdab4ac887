import type { FlashRegion } from "../../../lib/hal/flash-region.js";

/** Size and name in front of each file. */
export const HEADER_BYTES = 32;
export const NAME_BYTES = 28;

const UNSET = 0xffffffff;

/** Size (24 bits) with flags above, and the name, padded with zeros. */
export interface FileHeader {
  readonly size: number;
  readonly name: Uint8Array;
}

/** A file's length without the flags. */
export function fileLength(header: FileHeader): number {
  return header.size & 0xffffff;
}

/** Rounds up to the words in which Storage counts. */
export function align(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** True where the file was erased or replaced: the first four bytes of its name are zero. */
export function isTrash(header: FileHeader): boolean {
  return header.name[0] === 0 && header.name[1] === 0 && header.name[2] === 0 && header.name[3] === 0;
}

/** How Storage finds its way over the flash (src/jsflash.c, names without their prefix). Addresses below 0: none. */
export class StoragePages {
  readonly endAddress: number;

  constructor(readonly region: FlashRegion) {
    this.endAddress = region.pageBytes * region.pageCount;
  }

  read(address: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    this.region.read(address, bytes, count);
    return bytes;
  }

  /** GetFileHeader: the header at an address, or undefined where it is not one. */
  header(address: number): FileHeader | undefined {
    if (address < 0 || address + HEADER_BYTES > this.endAddress) return undefined;
    const bytes = this.read(address, HEADER_BYTES);
    const size = new DataView(bytes.buffer).getUint32(0, true);
    if (size === UNSET || size === 0) return undefined;
    if (address + HEADER_BYTES + (size & 0xffffff) > this.endAddress) return undefined;
    return { size, name: bytes.slice(4) };
  }

  /** IsErased. */
  isErased(address: number, count: number): boolean {
    return this.read(address, count).every((byte) => byte === 0xff);
  }

  /** GetAddressOfNextPage. */
  nextPage(address: number): number {
    if (address < 0) return -1;
    const next = (Math.floor(address / this.region.pageBytes) + 1) * this.region.pageBytes;
    return next >= this.endAddress ? -1 : next;
  }

  /** GetSpaceLeftInPage: to the end of Storage where the next page holds no header. */
  spaceLeftInPage(address: number): number {
    if (address < 0) return 0;
    const next = this.nextPage(address);
    return (next < 0 || this.header(next) === undefined ? this.endAddress : next) - address;
  }

  /** GetNextFileHeader: where the next header should be; with `all` also at the start of the next page. */
  next(address: number, header: FileHeader, all: boolean): { address: number; header: FileHeader | undefined } {
    const following = align(address + fileLength(header) + HEADER_BYTES);
    if (following + HEADER_BYTES > this.endAddress) return { address: -1, header: undefined };
    const found = this.header(following);
    if (found !== undefined || !all) return { address: following, header: found };
    const page = this.nextPage(following);
    return { address: page, header: page < 0 ? undefined : this.header(page) };
  }

  /** Calls `visit` for each header from an address on; returns where the walk ended. */
  walk(start: number, all: boolean, visit: (address: number, header: FileHeader) => void): number {
    let at: { address: number; header: FileHeader | undefined } = { address: start, header: this.header(start) };
    while (at.header !== undefined) {
      visit(at.address, at.header);
      at = this.next(at.address, at.header, all);
    }
    return at.address;
  }
}
