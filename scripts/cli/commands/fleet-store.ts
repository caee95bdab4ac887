import { Option } from "commander";
import { SqliteStore } from "../../fleet/store/sqlite-store.js";
import type { Store } from "../../fleet/store/store.js";

/** Where a fleet is kept unless told otherwise. */
export const DEFAULT_STORE = ".sertao/fleet.sqlite";

/** Where devices' password hashes are unless told otherwise. */
export const DEFAULT_PASSWORDS = ".sertao/passwords";

/** Where devices' keys are unless told otherwise. */
export const DEFAULT_KEYS = ".sertao/keys";

/** `--store FILE`, the same for every command. */
export function storeOption(): Option {
  return new Option("--store <file>", "the fleet's store").default(DEFAULT_STORE);
}

/** Opens an existing store, hands it to `work` and closes it. @throws SertaoError STORE_… */
export async function withStore<T>(file: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = SqliteStore.open(file, { create: false });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Writes a value as JSON for another program. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
