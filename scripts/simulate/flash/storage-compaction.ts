import type { StoragePages } from "./storage-pages.js";
import { align, fileLength, HEADER_BYTES, isTrash } from "./storage-pages.js";

/** Counts of GetStorageStats. */
export interface StorageStats {
  readonly fileBytes: number;
  readonly trashBytes: number;
  readonly freeBytes: number;
  /** Where compaction begins: the last page before the first trash that no file straddles into. */
  readonly firstPageWithTrash: number;
}

/** GetStorageStats over all pages. */
export function storageStats(pages: StoragePages): StorageStats {
  let fileBytes = 0;
  let trashBytes = 0;
  let end = 0;
  let unbroken = 0;
  let first = -1;
  pages.walk(0, true, (address, header) => {
    if (address % pages.region.pageBytes === 0) unbroken = address;
    const bytes = align(fileLength(header)) + HEADER_BYTES;
    end = address + bytes;
    if (!isTrash(header)) fileBytes += bytes;
    else {
      trashBytes += bytes;
      if (first < 0) first = unbroken;
    }
  });
  return { fileBytes, trashBytes, freeBytes: pages.endAddress - end, firstPageWithTrash: Math.max(first, 0) };
}

/**
 * Compact: moves live files down over trash, page by page, holding what the page that is rewritten still needs in
 * memory. A power cut in it loses that. Returns false where there was no trash.
 */
export function compactStorage(pages: StoragePages): boolean {
  const stats = storageStats(pages);
  if (stats.trashBytes === 0) return false;
  const { region } = pages;
  const limit = Math.min(stats.fileBytes, region.pageBytes + HEADER_BYTES);
  const held: number[] = [];
  let writeAddress = stats.firstPageWithTrash;

  // CompactWriteBuffer: writes what is held as far as no page is overwritten that is still to be read.
  const flush = (readAddress: number): void => {
    while (held.length > 0) {
      const page = pages.nextPage(writeAddress);
      const pageEnd = page < 0 ? pages.endAddress : page;
      if (readAddress < pageEnd) return;
      if (writeAddress % region.pageBytes === 0) region.erasePage(writeAddress / region.pageBytes);
      const piece = Uint8Array.from(held.splice(0, Math.min(held.length, pageEnd - writeAddress)));
      region.write(writeAddress, piece, piece.length);
      writeAddress += piece.length;
    }
  };

  const end = pages.walk(stats.firstPageWithTrash, true, (address, header) => {
    if (isTrash(header)) return;
    held.push(...pages.read(address, HEADER_BYTES));
    let from = address + HEADER_BYTES;
    let left = align(fileLength(header));
    flush(from);
    while (left > 0) {
      const count = Math.min(left, limit - held.length);
      if (count <= 0) throw new Error("Storage holds more than compaction can carry.");
      held.push(...pages.read(from, count));
      from += count;
      left -= count;
      flush(from);
    }
  });
  flush(pages.endAddress);
  if (writeAddress !== stats.firstPageWithTrash) writeAddress = pages.nextPage(writeAddress - 1);
  if (writeAddress < 0) return true;
  const eraseEnd = end < 0 ? pages.endAddress : end;
  for (let at = writeAddress; at < eraseEnd; at += region.pageBytes) region.erasePage(at / region.pageBytes);
  return true;
}
