import type { Board, FlashRange } from "../../../boards/board.js";
import { EspruinoStorage } from "./espruino-storage.js";
import { SimulatedFlash } from "./simulated-flash.js";
import { align, HEADER_BYTES } from "./storage-pages.js";

/** A slot to be made: a file of whole pages. */
export interface Slot {
  readonly name: string;
  readonly bytes: number;
}

/** Fills the page in front of a slot; erased once the slot is there. */
export const FILLER_FILE = "sertao.pad";

const MIN_FILE_BYTES = 4;

/**
 * Bytes of the filler that a slot needs in front of it, so that its own bytes begin with a page and its header ends the
 * page before; 0 where it needs none.
 * @param at where the next file's header would go, from the start of Storage
 */
export function fillerBytes(at: number, pageBytes: number): number {
  const gap = (2 * pageBytes - HEADER_BYTES - (at % pageBytes)) % pageBytes;
  if (gap === 0) return 0;
  return gap >= HEADER_BYTES + MIN_FILE_BYTES ? gap - HEADER_BYTES : gap + pageBytes - HEADER_BYTES;
}

/** A file with its bytes: of a slot, `contentBytes` of them, and the rest erased. */
export interface FilledFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentBytes?: number;
}

/** What the layout needs of a Storage. */
export interface LayoutStorage {
  write(name: string, bytes: Uint8Array, offset?: number, size?: number): boolean;
  erase(name: string): void;
  freeBytes(): number;
}

/**
 * Puts files into an empty Storage, slots last and on pages of their own.
 * @param files of a slot with `contentBytes`, which its other bytes follow erased
 */
export function fillStorage(
  storage: LayoutStorage,
  { pageBytes, pages }: FlashRange,
  files: readonly FilledFile[],
): void {
  for (const { name, bytes, contentBytes } of files) if (contentBytes === undefined) storage.write(name, bytes);
  for (const { name, bytes, contentBytes } of files) {
    if (contentBytes === undefined) continue;
    const filler = fillerBytes(pageBytes * pages - storage.freeBytes(), pageBytes);
    // One erased byte makes a file without a word about the rest.
    if (filler > 0) storage.write(FILLER_FILE, Uint8Array.of(0xff), 0, filler);
    storage.write(name, contentBytes > 0 ? bytes.subarray(0, contentBytes) : Uint8Array.of(0xff), 0, bytes.length);
    if (filler > 0) storage.erase(FILLER_FILE);
  }
}

/** All of a board's flash, with files in its Storage and nothing else. */
export function chipImage(board: Board, files: readonly FilledFile[]): Uint8Array {
  const { flashAddress, flashBytes, storage, writeUnitBytes, rewritesPerWord } = board;
  const { pageBytes, pages: pageCount } = storage;
  const flash = new SimulatedFlash({ pageBytes, pageCount, writeUnitBytes, rewritesPerWord });
  fillStorage(new EspruinoStorage(flash), storage, files);
  const chip = new Uint8Array(flashBytes).fill(0xff);
  chip.set(flash.image, storage.address - flashAddress);
  return chip;
}

/** Bytes of Storage that slots take at most, with headers and fillers. */
export function slotsRoom(slots: readonly Slot[], pageBytes: number): number {
  return slots.reduce((sum, { bytes }) => sum + align(bytes) + pageBytes + 2 * HEADER_BYTES, 0);
}
