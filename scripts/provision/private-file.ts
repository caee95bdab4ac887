import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileUnreadable } from "../errors/files.js";

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Writes a file that its owner alone may read. A reader sees the old contents or the new.
 * @throws SertaoError FILE_UNREADABLE
 */
export function writePrivately(file: string, contents: string | Uint8Array): void {
  const aside = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
    writeFileSync(aside, contents, { mode: OWNER_ONLY, flush: true });
    renameSync(aside, file);
  } catch (error) {
    throw fileUnreadable(file, error instanceof Error ? error.message : String(error));
  }
}
