import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileUnreadable } from "../errors/files.js";
import { keyBusy } from "../errors/ota.js";

const SQLITE_BUSY = 5;

/** Runs work while nobody else runs any under the same names. */
export type Lock = <Result>(paths: readonly string[], work: () => Result) => Result;

/**
 * Locks files by an SQLite database beside each: the operating system holds the lock, and it goes when the process
 * does, however that ends. No file says who has it, so none can be stale.
 * @param patienceMs how long to wait for others; then SertaoError OTA_KEY_BUSY
 */
export function lockWithin(patienceMs: number): Lock {
  const lock: Lock = (paths, work) => {
    const [first, ...others] = paths;
    if (first === undefined) return work();
    const database = acquire(first, patienceMs);
    try {
      return lock(others, work);
    } finally {
      database.close();
    }
  };
  return lock;
}

/** Waits a minute. */
export const fileLock: Lock = lockWithin(60_000);

function acquire(path: string, patienceMs: number): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(`${path}.lock`, { timeout: patienceMs });
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) throw keyBusy(path);
    throw fileUnreadable(`${path}.lock`, error instanceof Error ? error.message : String(error));
  }
}
