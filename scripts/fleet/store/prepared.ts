import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { SQL } from "./statements.js";

/** A row as SQLite gives it. */
export type Row = Record<string, unknown>;

/** The store's statements on one database, each prepared when first used. */
export class Prepared {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<keyof typeof SQL, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Runs a statement and returns how many rows it changed. */
  run(name: keyof typeof SQL, ...values: SQLInputValue[]): number {
    return Number(this.#statement(name).run(...values).changes);
  }

  one(name: keyof typeof SQL, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(name).get(...values);
  }

  all(name: keyof typeof SQL, ...values: SQLInputValue[]): Row[] {
    return this.#statement(name).all(...values);
  }

  /** Rows one by one, for answers that may be long. */
  each(name: keyof typeof SQL, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#statement(name).iterate(...values);
  }

  #statement(name: keyof typeof SQL): StatementSync {
    let statement = this.#statements.get(name);
    if (statement === undefined) {
      statement = this.#database.prepare(SQL[name]);
      this.#statements.set(name, statement);
    }
    return statement;
  }
}
