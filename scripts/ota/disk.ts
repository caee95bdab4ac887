import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileUnreadable } from "../errors/files.js";

const OWNER_ONLY = 0o600;

/** The file operations that a signature depends on, so that a test can stop at each of them. */
export interface Disk {
  /** Undefined where there is no such file. */
  read(path: string): Uint8Array | undefined;
  /** Creates or overwrites a file for the owner alone. What a power cut leaves of it is open until `sync`. */
  write(path: string, bytes: Uint8Array): void;
  /** Returns when the file's bytes are durable. */
  sync(path: string): void;
  /** Names a file anew, in place of what has the name; durable after `syncFolder`. */
  rename(from: string, to: string): void;
  /** Returns when the names in a folder are durable. */
  syncFolder(path: string): void;
}

/** The real one. Errors are SertaoError FILE_UNREADABLE. */
export const nodeDisk: Disk = {
  read: (path) =>
    guarded(path, () => {
      try {
        return readFileSync(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    }),
  write: (path, bytes) =>
    guarded(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      withFile(path, "w", (file) => {
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      });
    }),
  sync: (path) => guarded(path, () => withFile(path, "r+", fsyncSync)),
  rename: (from, to) => guarded(to, () => renameSync(from, to)),
  // Windows cannot open a folder; its file system keeps renames in order.
  syncFolder: (path) => guarded(path, () => process.platform === "win32" || withFile(path, "r", fsyncSync)),
};

/** Replaces a file: after a power cut anywhere in here it is the old one or the new one, and when it returns, the new. */
export function replaceFile(disk: Disk, path: string, bytes: Uint8Array): void {
  const aside = `${path}.new`;
  disk.write(aside, bytes);
  disk.sync(aside);
  disk.rename(aside, path);
  disk.syncFolder(dirname(path));
}

function withFile(path: string, flags: string, work: (file: number) => void): void {
  const file = openSync(path, flags, OWNER_ONLY);
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw fileUnreadable(path, error instanceof Error ? error.message : String(error));
  }
}
