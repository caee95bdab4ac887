import { crc32 } from "../../../lib/core/crc32.js";
import type { StorageFile } from "./device-files.js";
import { findCopies, type OldFile } from "./delta.js";
import { byteLiteral } from "./literal.js";

/** Bytes of a page: from the slot as it is when the page's turn comes, or from the host where `from` is absent. */
interface Part {
  readonly at: number;
  readonly bytes: number;
  readonly from?: number;
}

/** A page of a slot that must be written. What no part has is erased. */
export interface PageChange {
  /** In the slot. */
  readonly at: number;
  readonly parts: readonly Part[];
}

/**
 * How a slot that lies on the device becomes another one where it lies, page by page. A page that was written holds none
 * of the old bytes any more, so pages go in the order, upwards or downwards, that leaves least to be sent: upwards where
 * contents move to the front, downwards where they move back.
 * @returns undefined where more than half of the content would have to be sent
 */
export function planPages(file: StorageFile, old: OldFile, pageBytes: number): PageChange[] | undefined {
  const { bytes } = file;
  const contentBytes = file.contentBytes ?? bytes.length;
  const copies = findCopies(bytes.subarray(0, contentBytes), old);
  const pages = Array.from({ length: bytes.length / pageBytes }, (_, i) => i);
  const stays = pages.map((page) => isUnchanged(bytes, old, page * pageBytes, pageBytes));
  const planned = [true, false].map((upwards) => {
    const changed = pages.filter((page) => !stays[page]);
    if (!upwards) changed.reverse();
    return changed.map((page): PageChange => {
      const isUsable = (source: number): boolean => stays[source]! || (upwards ? source >= page : source <= page);
      const start = page * pageBytes;
      const end = Math.max(start, Math.min(start + pageBytes, contentBytes));
      return { at: start, parts: partsOf(start, end, copiedPieces(copies, start, end, pageBytes, isUsable)) };
    });
  });
  const [best] = planned.sort((a, b) => sentBytes(a) - sentBytes(b));
  return sentBytes(best!) > contentBytes / 2 ? undefined : best;
}

/**
 * JavaScript that writes a page. A second time it does nothing: it may be asked for twice, and what it reads is gone then.
 * @param address of the slot in the flash
 */
export function pageScript(bytes: Uint8Array, { at, parts }: PageChange, address: number, pageBytes: number): string {
  const crc = crc32(bytes.subarray(at, at + pageBytes));
  const sets = parts.map((part) => {
    const end = part.at + part.bytes;
    const value =
      part.from === undefined
        ? `E.toUint8Array(${byteLiteral(bytes.subarray(part.at, end))})`
        : `f.read(${part.bytes},${address + part.from})`;
    return `d.set(${value},${part.at - at});`;
  });
  return (
    `(function(f,a,n,d){E.kickWatchdog();if(E.CRC32(f.read(n,a))>>>0===${crc})return;d=new Uint8Array(n).fill(255);` +
    `${sets.join("")}f.erasePage(a);f.write(d,a)})(require("Flash"),${address + at},${pageBytes})`
  );
}

/** True where the device has a page as it shall be: all blocks that touch it are equal. */
function isUnchanged(bytes: Uint8Array, { blockBytes, blocks }: OldFile, start: number, pageBytes: number): boolean {
  for (let block = Math.floor(start / blockBytes); block * blockBytes < start + pageBytes; block++) {
    const has = blocks[block]?.[1];
    const wanted = crc32(bytes.subarray(block * blockBytes, (block + 1) * blockBytes));
    if (has === undefined || has >>> 0 !== wanted) return false;
  }
  return true;
}

/** What of a range can be copied, cut where the page that it comes from may not be used. */
function copiedPieces(
  copies: ReturnType<typeof findCopies>,
  start: number,
  end: number,
  pageBytes: number,
  isUsable: (page: number) => boolean,
): Required<Part>[] {
  const pieces: Required<Part>[] = [];
  for (const copy of copies) {
    const last = Math.min(copy.at + copy.bytes, end);
    for (let at = Math.max(copy.at, start); at < last;) {
      const from = copy.from + at - copy.at;
      const page = Math.floor(from / pageBytes);
      const bytes = Math.min(last - at, (page + 1) * pageBytes - from);
      if (isUsable(page)) pieces.push({ at, bytes, from });
      at += bytes;
    }
  }
  return pieces;
}

/** The copied pieces of a range, and what must be sent between them. */
function partsOf(start: number, end: number, copied: readonly Required<Part>[]): Part[] {
  const parts: Part[] = [];
  let at = start;
  for (const piece of copied) {
    if (piece.at > at) parts.push({ at, bytes: piece.at - at });
    parts.push(piece);
    at = piece.at + piece.bytes;
  }
  if (end > at) parts.push({ at, bytes: end - at });
  return parts;
}

function sentBytes(pages: readonly PageChange[]): number {
  const parts = pages.flatMap((page) => page.parts);
  return parts.reduce((sum, { bytes, from }) => sum + (from === undefined ? bytes : 0), 0);
}
