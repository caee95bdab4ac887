import { asciiText, readU32 } from "../../../lib/core/bytes.js";
import { DeviceError } from "../../../lib/core/device-error.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import type { SlotStore } from "../../../lib/hal/file-store.js";
import type { FlashRange } from "../../../lib/hal/flash-region.js";
import { EspruinoFlash } from "./flash.js";

/** In front of each file: size, whose upper byte has flags, and name (src/jsflash.c). */
const HEADER_BYTES = 32;

/** Files in Espruino's Storage. Names over 28 bytes would be cut silently: the build refuses them. */
export class EspruinoFiles implements SlotStore {
  private readonly _storage = require("Storage");

  /** @param _pages where the firmware keeps them */
  constructor(private readonly _pages: FlashRange) {}

  read(name: string): ArrayBuffer | undefined {
    return this._storage.readArrayBuffer(name) || undefined;
  }

  pieces(name: string, pieceBytes: number, bytes?: number): ArrayBuffer[] {
    const list: ArrayBuffer[] = [];
    for (let at = 0; !bytes || at < bytes; at += pieceBytes) {
      const text = this._storage.read(name, at, bytes ? Math.min(bytes - at, pieceBytes) : pieceBytes);
      if (!text) break;
      list.push(E.toArrayBuffer(text));
    }
    return list;
  }

  write(name: string, bytes: Uint8Array): boolean {
    try {
      return this._storage.write(name, bytes);
    } catch (_) {
      return false;
    }
  }

  erase(name: string): void {
    this._storage.erase(name);
  }

  check(name: string, bytes: number): number {
    const text = this._storage.read(name, 0, bytes);
    return text && text.length === bytes ? E.CRC32(text) : -1;
  }

  slotBytes(name: string): number {
    const flash = new EspruinoFlash(this._pages);
    const header = this._headerOf(flash, name);
    return header < 0 ? 0 : slotSize(flash, header);
  }

  clearSlot(name: string): void {
    const flash = new EspruinoFlash(this._pages);
    const header = this._headerOf(flash, name);
    // A quotient is no integer to the engine, whatever it is, and erases nothing.
    const first = ((header + HEADER_BYTES) / flash.pageBytes) | 0;
    let page = header < 0 ? 0 : (slotSize(flash, header) / flash.pageBytes) | 0;
    while (page--) flash.erasePage(first + page);
  }

  writeSlot(name: string, at: number, bytes: Uint8Array): void {
    const flash = new EspruinoFlash(this._pages);
    const header = this._headerOf(flash, name);
    const whole = new Uint8Array((bytes.length + 3) & ~3);
    whole.fill(255);
    whole.set(bytes);
    if (header < 0 || at + whole.length > slotSize(flash, header))
      throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, at);
    flash.write(header + HEADER_BYTES + at, whole, whole.length);
  }

  /** Walks the headers as the firmware does: a file begins behind the last one, or with the next page. -1 for none. */
  private _headerOf(flash: EspruinoFlash, name: string): number {
    const header = new Uint8Array(HEADER_BYTES);
    const pageBytes = flash.pageBytes;
    const end = pageBytes * flash.pageCount;
    let at = 0;
    while (at < end) {
      flash.read(at, header, HEADER_BYTES);
      const size = readU32(header, 0);
      if (size && size !== 0xffffffff) {
        if (!header[4 + name.length] && asciiText(header, 4, 4 + name.length) === name) return at;
        at = (at + HEADER_BYTES + (size & 0xffffff) + 3) & ~3;
      } else if (at % pageBytes) at += pageBytes - (at % pageBytes);
      else break;
    }
    return -1;
  }
}

/** Bytes of the file at a header where its bytes fill whole pages, else 0. */
function slotSize(flash: EspruinoFlash, header: number): number {
  const word = new Uint8Array(4);
  flash.read(header, word, 4);
  const size = readU32(word, 0) & 0xffffff;
  return (header + HEADER_BYTES) % flash.pageBytes || size % flash.pageBytes ? 0 : size;
}
