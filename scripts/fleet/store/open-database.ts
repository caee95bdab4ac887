import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storeFailed, storeMissing, storeNewer } from "../../errors/fleet.js";
import { MIGRATIONS, SCHEMA, SCHEMA_VERSION } from "./schema.js";
import { translateErrors } from "./sqlite-errors.js";

/** How a store's file is opened. */
export interface OpenOptions {
  /** False where a missing file is an error. */
  readonly create: boolean;
  /** False where a power cut of this machine may cost the last commits; a killed process never does. */
  readonly durable: boolean;
  /** How long to wait for another program's lock. */
  readonly lockMs: number;
}

/** In memory, for tests and dry runs: SQLite's own name. */
export const IN_MEMORY = ":memory:";

/**
 * Opens a store's database and brings its tables up to date.
 * @throws SertaoError STORE_MISSING, STORE_LOCKED, STORE_CORRUPT, STORE_NEWER, STORE_FAILED
 */
export function openDatabase(file: string, options: OpenOptions): DatabaseSync {
  if (file !== IN_MEMORY && !existsSync(file)) {
    if (!options.create) throw storeMissing(file);
    try {
      makeFolder(dirname(file));
    } catch (error) {
      throw storeFailed(file, error instanceof Error ? error.message : String(error));
    }
  }
  return translateErrors(file, () => {
    const database = new DatabaseSync(file, { timeout: options.lockMs });
    try {
      database.exec("PRAGMA journal_mode = WAL");
      // FULL syncs the log at every commit: PUBACK promises that the record survives this machine's power cut.
      database.exec(`PRAGMA synchronous = ${options.durable ? "FULL" : "OFF"}`);
      prepareSchema(file, database);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/** Step by step: Node's recursive form never returns where a parent cannot hold folders (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function prepareSchema(file: string, database: DatabaseSync): void {
  if (foundVersion(file, database) === SCHEMA_VERSION) return;
  database.exec("BEGIN IMMEDIATE");
  // Another program may have been here first.
  const from = foundVersion(file, database) ?? SCHEMA_VERSION;
  for (let version = from; version < SCHEMA_VERSION; version++) {
    for (const statement of MIGRATIONS[version] ?? []) database.exec(statement);
  }
  for (const statement of SCHEMA) database.exec(statement);
  database.exec(`DELETE FROM schema_version; INSERT INTO schema_version VALUES (${SCHEMA_VERSION})`);
  database.exec("COMMIT");
}

/** Version of the tables; undefined where there are none yet. @throws SertaoError STORE_NEWER */
function foundVersion(file: string, database: DatabaseSync): number | undefined {
  const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").get() !== undefined;
  const found = exists ? database.prepare("SELECT version FROM schema_version").get()?.["version"] : undefined;
  if (typeof found !== "number") return undefined;
  if (found > SCHEMA_VERSION) throw storeNewer(file, found, SCHEMA_VERSION);
  return found;
}
