import { storeCorrupt, storeFailed, storeFull, storeLocked } from "../../errors/fleet.js";
import { SertaoError } from "../../errors/sertao-error.js";

/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** Runs `work`; what SQLite throws becomes an error a user can act on. */
export function translateErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(file, error);
  }
}

function storeError(file: string, error: unknown): unknown {
  if (error instanceof SertaoError || !(error instanceof Error)) return error;
  const code = (error as Error & { errcode?: unknown }).errcode;
  if (typeof code !== "number") return error;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return storeLocked(file);
    case SQLITE_FULL:
      return storeFull(file);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return storeCorrupt(file, error.message);
    default:
      return storeFailed(file, error.message);
  }
}
