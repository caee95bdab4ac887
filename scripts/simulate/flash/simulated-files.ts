import { crc32 } from "../../../lib/core/crc32.js";
import { DeviceError } from "../../../lib/core/device-error.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import type { SlotStore } from "../../../lib/hal/file-store.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import { FlashWindow } from "./flash-window.js";
import { EspruinoStorage } from "./espruino-storage.js";
import { fileLength, HEADER_BYTES, StoragePages } from "./storage-pages.js";

/** A device's files without an engine around them: Storage as Espruino keeps it, over flash that can be cut. */
export class SimulatedFiles implements SlotStore {
  /** @param chip whose pages from `firstPage` on are Storage */
  constructor(
    private readonly chip: FlashRegion,
    private readonly firstPage = 0,
    private readonly pageCount = chip.pageCount,
  ) {}

  // Made anew for each use: a device that is copied in the middle of its life (powercut) holds nothing but plain fields.
  get region(): FlashRegion {
    return new FlashWindow(this.chip, this.firstPage, this.pageCount);
  }

  get storage(): EspruinoStorage {
    return new EspruinoStorage(this.region);
  }

  read(name: string): ArrayBuffer | undefined {
    return this.storage.read(name)?.slice().buffer;
  }

  pieces(name: string, pieceBytes: number, bytes = 0): ArrayBuffer[] {
    const file = this.storage.read(name)?.slice(0, bytes === 0 ? undefined : bytes);
    const list: ArrayBuffer[] = [];
    for (let at = 0; file !== undefined && at < file.length; at += pieceBytes)
      list.push(file.slice(at, at + pieceBytes).buffer);
    return list;
  }

  write(name: string, bytes: Uint8Array): boolean {
    try {
      return this.storage.write(name, bytes);
    } catch (error) {
      if (error instanceof Error && error.message === "Unable to find or create file") return false;
      throw error;
    }
  }

  erase(name: string): void {
    this.storage.erase(name);
  }

  check(name: string, bytes: number): number {
    const file = this.storage.read(name);
    return file === undefined || file.length < bytes ? -1 : crc32(file.subarray(0, bytes));
  }

  slotBytes(name: string): number {
    const slot = this.slotAt(name);
    return slot === undefined ? 0 : slot.bytes;
  }

  clearSlot(name: string): void {
    const slot = this.slotAt(name);
    if (slot === undefined) return;
    const { region } = this;
    const first = slot.address / region.pageBytes;
    for (let page = slot.bytes / region.pageBytes; page > 0; page--) region.erasePage(first + page - 1);
  }

  writeSlot(name: string, at: number, bytes: Uint8Array): void {
    const slot = this.slotAt(name);
    const whole = new Uint8Array((bytes.length + 3) & ~3).fill(0xff);
    whole.set(bytes);
    if (slot === undefined || at + whole.length > slot.bytes) throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, at);
    this.region.write(slot.address + at, whole, whole.length);
  }

  private slotAt(name: string): { address: number; bytes: number } | undefined {
    const { pageBytes } = this.region;
    let found: { address: number; bytes: number } | undefined;
    new StoragePages(this.region).walk(0, true, (address, header) => {
      const text = Buffer.from(header.name).toString("latin1").replace(/\0.*$/s, "");
      if (text === name) found ??= { address: address + HEADER_BYTES, bytes: fileLength(header) };
    });
    return found === undefined || found.address % pageBytes !== 0 || found.bytes % pageBytes !== 0 ? undefined : found;
  }
}
