import { readU32, writeU32 } from "../core/bytes.js";
import type { FileStore } from "../hal/file-store.js";

// Overwriting a file is not atomic, so two take turns: a power cut leaves the other, with the number before.
const FILES = ["sertao.n0", "sertao.n1"];
/** Sum of a number and its complement, which lies behind it. Bits that a torn write left set make it more. */
const WHOLE = 0xffffffff;

/**
 * Counts boots in two files, for boards without a flash region of their own for settings.
 * @returns the number of this boot, 1 for the first
 */
export function countBoot(files: FileStore): number {
  const first = readCount(files, 0);
  const second = readCount(files, 1);
  const boots = (first > second ? first : second) + 1;
  const bytes = new Uint8Array(8);
  writeU32(bytes, 0, boots);
  writeU32(bytes, 4, WHOLE - boots);
  files.write(FILES[first > second ? 1 : 0]!, bytes);
  return boots;
}

function readCount(files: FileStore, index: number): number {
  const file = files.read(FILES[index]!);
  if (file === undefined || file.byteLength !== 8) return 0;
  const bytes = new Uint8Array(file);
  return readU32(bytes, 0) + readU32(bytes, 4) === WHOLE ? readU32(bytes, 0) : 0;
}
