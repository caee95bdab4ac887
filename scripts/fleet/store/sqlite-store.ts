import type { DatabaseSync } from "node:sqlite";
import { writeArrival } from "./arrival-writer.js";
import { readClocks } from "./clock-marks.js";
import { readDevices } from "./device-reader.js";
import { openDatabase, type OpenOptions } from "./open-database.js";
import { Prepared } from "./prepared.js";
import { readResults } from "./result-reader.js";
import { DEVICE_TABLES } from "./schema.js";
import { translateErrors } from "./sqlite-errors.js";
import { SqliteUpdates } from "./sqlite-updates.js";
import type {
  Arrival,
  ClockRow,
  ConflictRow,
  DeviceRow,
  Gap,
  LogRow,
  Outcome,
  ResultRow,
  ResultsQuery,
  Store,
  Totals,
} from "./store.js";

const LOCK_MS = 5000;

/** A store in one file of SQLite (`node:sqlite`). Its work is synchronous; the promises are the interface's. */
export class SqliteStore implements Store {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #sql: Prepared;
  readonly updates: SqliteUpdates;

  private constructor(file: string, database: DatabaseSync) {
    this.#file = file;
    this.#database = database;
    this.#sql = new Prepared(database);
    this.updates = new SqliteUpdates(
      this.#sql,
      (work) => this.#read(work),
      (work) => this.#transaction(work),
      () => Number(database.prepare("PRAGMA data_version").get()?.["data_version"]),
    );
  }

  /**
   * Opens a store; `:memory:` is one that ends with the process.
   * @throws SertaoError STORE_MISSING, STORE_LOCKED, STORE_CORRUPT, STORE_NEWER, STORE_FAILED
   */
  static open(file: string, options: Partial<OpenOptions> = {}): SqliteStore {
    return new SqliteStore(file, openDatabase(file, { create: true, durable: true, lockMs: LOCK_MS, ...options }));
  }

  async commit(arrivals: readonly Arrival[]): Promise<Outcome[]> {
    return this.#transaction(() => arrivals.map((arrival) => writeArrival(this.#sql, arrival)));
  }

  async results(query: ResultsQuery): Promise<ResultRow[]> {
    return this.#read(() => readResults(this.#sql, query));
  }

  async devices(): Promise<DeviceRow[]> {
    return this.#read(() => readDevices(this.#sql));
  }

  async gaps(device: string): Promise<Gap[]> {
    return this.#read(() =>
      this.#sql.all("gaps", device, device).map((row) => ({
        device,
        incarnation: Number(row["incarnation"]),
        first: Number(row["first_sequence"]),
        last: Number(row["last_sequence"]),
      })),
    );
  }

  async clocks(device: string): Promise<ClockRow[]> {
    return this.#read(() => readClocks(this.#sql, device));
  }

  async conflicts(device: string): Promise<ConflictRow[]> {
    return this.#read(() =>
      this.#sql.all("conflicts", device).map((row) => ({
        device,
        incarnation: Number(row["incarnation"]),
        sequence: Number(row["sequence"]),
        receivedAt: Number(row["received_at"]),
        stored: String(row["stored"]),
        other: String(row["other"]),
      })),
    );
  }

  async logs(device: string | undefined, limit: number): Promise<LogRow[]> {
    const rows = this.#read(() => this.#sql.all("logs", device ?? "", device ?? "", limit));
    return rows.reverse().map((row) => ({
      device: String(row["device"]),
      receivedAt: Number(row["received_at"]),
      level: Number(row["level"]),
      text: String(row["line"]),
      dropped: Number(row["dropped"]),
    }));
  }

  async refusals(device: string): ReturnType<Store["refusals"]> {
    return this.#read(() =>
      this.#sql.all("refusals", device).map((row) => ({
        receivedAt: Number(row["received_at"]),
        topic: String(row["topic"]),
        reason: String(row["reason"]),
        bytes: Uint8Array.from(Buffer.from(String(row["bytes"]), "hex")),
      })),
    );
  }

  async totals(): Promise<Totals> {
    const row = this.#read(() => this.#sql.one("totals")) ?? {};
    const count = (column: string): number => Number(row[column]);
    return {
      devices: count("devices"),
      records: count("records"),
      repeats: count("repeats"),
      conflicts: count("conflicts"),
      refused: count("refused"),
    };
  }

  async retain(before: number): Promise<number> {
    return this.#transaction(() => {
      this.#sql.run("prune", before);
      this.#sql.run("deleteClockMarks", before);
      this.#sql.run("deleteLogs", before);
      this.#sql.run("deleteRefusals", before);
      this.#sql.run("deleteConflicts", before);
      return this.#sql.run("deleteRecords", before);
    });
  }

  async forget(device: string): Promise<boolean> {
    return this.#transaction(() => {
      const changes = DEVICE_TABLES.map((table) =>
        Number(this.#database.prepare(`DELETE FROM ${table} WHERE device = ?`).run(device).changes),
      );
      return changes.some((count) => count > 0);
    });
  }

  /** Lets the file grow to this many pages of 4,096 bytes and no further. */
  limitPages(pages: number): void {
    this.#read(() => this.#database.exec(`PRAGMA max_page_count = ${Math.floor(pages)}`));
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #read<T>(work: () => T): T {
    return translateErrors(this.#file, work);
  }

  #transaction<T>(work: () => T): T {
    return translateErrors(this.#file, () => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const value = work();
        this.#database.exec("COMMIT");
        return value;
      } catch (error) {
        // SQLite has rolled back by itself after some failures (disk full), and then refuses to again.
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }
}
