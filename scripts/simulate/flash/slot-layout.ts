import type { FlashRange } from "../../../boards/board.js";
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

/** What the layout needs of a Storage. */
export interface LayoutStorage {
  write(name: string, bytes: Uint8Array, offset?: number, size?: number): boolean;
  erase(name: string): void;
  freeBytes(): number;
}

/** Makes slots in a Storage that has room behind its last file, with what is in them. */
export function makeSlots(
  storage: LayoutStorage,
  { pageBytes, pages }: FlashRange,
  slots: readonly (Slot & { readonly content?: Uint8Array | undefined })[],
): void {
  for (const { name, bytes, content } of slots) {
    const filler = fillerBytes(pageBytes * pages - storage.freeBytes(), pageBytes);
    // One erased byte makes a file without a word about the rest.
    if (filler > 0) storage.write(FILLER_FILE, Uint8Array.of(0xff), 0, filler);
    storage.write(name, content ?? Uint8Array.of(0xff), 0, bytes);
    if (filler > 0) storage.erase(FILLER_FILE);
  }
}

/** Bytes of Storage that slots take at most, with headers and fillers. */
export function slotsRoom(slots: readonly Slot[], pageBytes: number): number {
  return slots.reduce((sum, { bytes }) => sum + align(bytes) + pageBytes + 2 * HEADER_BYTES, 0);
}
