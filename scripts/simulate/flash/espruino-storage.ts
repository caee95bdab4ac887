import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import { compactStorage, storageStats } from "./storage-compaction.js";
import type { FileHeader } from "./storage-pages.js";
import { align, fileLength, HEADER_BYTES, isTrash, NAME_BYTES, StoragePages } from "./storage-pages.js";

interface Found {
  readonly address: number;
  readonly header: FileHeader;
}

/**
 * Files as Espruino keeps them (src/jsflash.c), in the same bytes, written in the same order: a new file is header
 * first, an erased one gets a zero name, replacing erases first, and compaction runs when it must. So it tears and
 * loses as the real one does. Left out: the table of names that builds with external flash keep once more than 200
 * files have come and gone.
 */
export class EspruinoStorage {
  readonly #pages: StoragePages;

  constructor(region: FlashRegion) {
    this.#pages = new StoragePages(region);
  }

  /** A file's bytes; undefined where there is none. */
  read(name: string): Uint8Array | undefined {
    const found = this.#find(nameBytes(name));
    return found === undefined ? undefined : this.#pages.read(found.address, fileLength(found.header));
  }

  /**
   * Offset 0 creates or replaces a file, of `size` bytes where that is more than zero; another offset fills bytes that
   * are still erased. Throws with Espruino's words where that fails.
   */
  write(name: string, data: Uint8Array, offset = 0, size = 0): boolean {
    if (offset < 0 || size < 0) return false;
    const length = size === 0 ? data.length : size;
    if (length === 0) throw new Error("Can't create zero length file");
    const bytes = nameBytes(name);
    let found = this.#find(bytes);
    if (offset === 0 && (found === undefined || this.#mustReplace(found, length))) {
      if (found !== undefined && this.#isSame(found, data, length)) return true;
      if (found !== undefined) this.#erase(found);
      found = this.#create(bytes, length);
    }
    if (found === undefined) throw new Error("Unable to find or create file");
    if (offset + data.length > fileLength(found.header)) throw new Error("Too much data for file size");
    const target = found.address + offset;
    if (!this.#pages.isErased(target, data.length)) throw new Error("File already written with different data");
    this.#writeAligned(target, data);
    return true;
  }

  erase(name: string): void {
    const found = this.#find(nameBytes(name));
    if (found !== undefined) this.#erase(found);
  }

  /** Names, in the order of the flash. */
  list(): string[] {
    const names: string[] = [];
    this.#pages.walk(0, true, (_address, header) => {
      if (!isTrash(header) && [0, 64, 128].includes(header.size >>> 24)) names.push(nameText(header.name));
    });
    return names;
  }

  /** True where there was something to compact. */
  compact(): boolean {
    return compactStorage(this.#pages);
  }

  /** Bytes behind the last file. */
  freeBytes(): number {
    return storageStats(this.#pages).freeBytes;
  }

  #find(name: Uint8Array): Found | undefined {
    let found: Found | undefined;
    this.#pages.walk(0, true, (address, header) => {
      if (found === undefined && header.name.every((byte, i) => byte === name[i])) {
        found = { address: address + HEADER_BYTES, header };
      }
    });
    return found;
  }

  #mustReplace(found: Found, length: number): boolean {
    return found.header.size !== length || !this.#pages.isErased(found.address, length);
  }

  #isSame(found: Found, data: Uint8Array, length: number): boolean {
    if (found.header.size !== length || data.length !== length) return false;
    return Buffer.from(data).equals(this.#pages.read(found.address, length));
  }

  #erase(found: Found): void {
    this.#pages.region.write(found.address - HEADER_BYTES + 4, new Uint8Array(4), 4);
  }

  /** CreateFile: behind the files of the first page with room, after compaction where that would help. */
  #create(name: Uint8Array, length: number): Found | undefined {
    const needed = align(length) + HEADER_BYTES;
    for (let compacted = false; ; compacted = true) {
      const { address, free, trash } = this.#findRoom(needed);
      if (address >= 0) {
        const bytes = new Uint8Array(HEADER_BYTES);
        new DataView(bytes.buffer).setUint32(0, length, true);
        bytes.set(name, 4);
        this.#pages.region.write(address, bytes, HEADER_BYTES);
        return { address: address + HEADER_BYTES, header: { size: length, name } };
      }
      if (compacted || needed >= free + trash || !this.compact()) return undefined;
    }
  }

  #findRoom(needed: number): { address: number; free: number; trash: number } {
    let free = 0;
    let trash = 0;
    let address = 0;
    while (address >= 0) {
      address = this.#pages.walk(address, false, (_address, header) => {
        if (isTrash(header)) trash += fileLength(header);
      });
      const space = this.#pages.spaceLeftInPage(address);
      free += space;
      if (space >= needed) break;
      address = this.#pages.nextPage(address);
    }
    return { address, free, trash };
  }

  /** FlashWriteAligned: whole words, completed with what the flash holds. */
  #writeAligned(address: number, data: Uint8Array): void {
    const { region } = this.#pages;
    let at = address;
    let done = 0;
    const before = at & 3;
    if (before > 0) {
      const word = this.#pages.read(at - before, 4);
      const count = Math.min(4 - before, data.length);
      word.set(data.subarray(0, count), before);
      region.write(at - before, word, 4);
      at += count;
      done = count;
    }
    const whole = (data.length - done) & ~3;
    if (whole > 0) region.write(at, data.slice(done, done + whole), whole);
    done += whole;
    if (done === data.length) return;
    const last = this.#pages.read(at + whole, 4);
    last.set(data.subarray(done));
    region.write(at + whole, last, 4);
  }
}

/** The first 28 bytes of a name: the rest is cut without a word. A drive letter in front is dropped. */
function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(NAME_BYTES);
  const text = Buffer.from(name, "latin1").subarray(0, NAME_BYTES);
  bytes.set(text[1] === 0x3a ? text.subarray(2) : text);
  return bytes;
}

function nameText(name: Uint8Array): string {
  const end = name.indexOf(0);
  return Buffer.from(end < 0 ? name : name.subarray(0, end)).toString("latin1");
}
