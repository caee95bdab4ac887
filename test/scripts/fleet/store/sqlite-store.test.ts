import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { SqliteStore } from "../../../../scripts/fleet/store/sqlite-store.js";
import { results, storeContract } from "../../../contract/store.js";
import { updateStoreContract } from "../../../contract/update-store.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-store-"));
let files = 0;
const newFile = (): string => join(folder, `${files++}.sqlite`);
afterAll(() => rmSync(folder, { recursive: true }));

storeContract("node:sqlite in memory", () => SqliteStore.open(":memory:"));
storeContract("node:sqlite in a file", () => SqliteStore.open(newFile()));
updateStoreContract("node:sqlite in memory", () => SqliteStore.open(":memory:"));
updateStoreContract("node:sqlite in a file", () => SqliteStore.open(newFile(), { durable: false }));

describe("a store's file", () => {
  it("keeps everything over a restart", async () => {
    const file = newFile();
    const first = SqliteStore.open(file);
    await first.commit([results([1, 2])]);
    await first.close();
    const second = SqliteStore.open(file);
    expect(await second.commit([results([2])])).toEqual([{ stored: 0, repeats: 1, conflicts: 0 }]);
    await second.close();
  });

  it("makes its folder, or says that it cannot", () => {
    expect(() => SqliteStore.open(join(folder, "a", "b", "c.sqlite"))).not.toThrow();
    const blocked = join(newFile(), "fleet.sqlite");
    writeFileSync(join(blocked, ".."), "a file");
    expect(() => SqliteStore.open(blocked)).toThrow(/STORE_FAILED/);
  });

  it("says when it is missing", () => {
    expect(() => SqliteStore.open(newFile(), { create: false })).toThrow(/^STORE_MISSING: There is no store at/);
  });

  it("says when it is something else, or torn", async () => {
    const file = newFile();
    writeFileSync(file, "this is not a database, and long enough to be read as one: ".repeat(40));
    expect(() => SqliteStore.open(file)).toThrow(/STORE_CORRUPT/);
    const torn = newFile();
    const store = SqliteStore.open(torn);
    await store.commit([results(Array.from({ length: 500 }, (_, i) => i + 1))]);
    await store.close();
    truncateSync(torn, Math.floor(statSync(torn).size / 2 / 4096) * 4096);
    const again = (async () => {
      const damaged = SqliteStore.open(torn);
      await damaged.results({}).finally(() => damaged.close());
    })();
    await expect(again).rejects.toThrow(/STORE_CORRUPT/);
  });

  it("refuses the schema of a newer version and leaves it alone", () => {
    const file = newFile();
    const database = new DatabaseSync(file);
    database.exec("CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (99)");
    database.close();
    expect(() => SqliteStore.open(file)).toThrow(/STORE_NEWER: .* has schema version 99; this version knows 3/);
  });

  it.each([1, 2])("brings the tables of version %i up to date, and keeps what is in them", async (version) => {
    const file = newFile();
    const store = SqliteStore.open(file);
    await store.commit([results([1, 2])]);
    await store.close();
    const old = new DatabaseSync(file);
    for (const table of ["updates", "device_updates", "update_states", "device_tags"]) old.exec(`DROP TABLE ${table}`);
    if (version === 1) old.exec("ALTER TABLE epochs DROP COLUMN earliest_start; DROP TABLE clock_marks");
    old.exec(`UPDATE schema_version SET version = ${version}`);
    old.close();
    const migrated = SqliteStore.open(file);
    const before = await migrated.results({});
    expect(before.map(({ sequence, earliest }) => [sequence, earliest])).toEqual([
      [1, null],
      [2, null],
    ]);
    expect(await migrated.commit([results([2, 3])])).toEqual([{ stored: 1, repeats: 1, conflicts: 0 }]);
    await migrated.updates.tag(["dev1"], ["north"], false);
    expect([...(await migrated.updates.tags()).keys()]).toEqual(["dev1"]);
    expect(await migrated.updates.updates()).toEqual([]);
    await migrated.close();
    const found = new DatabaseSync(file).prepare("SELECT version FROM schema_version").all();
    expect(found).toEqual([{ version: 3 }]);
  });

  it("tells when another program has changed it, and not of its own changes", async () => {
    const file = newFile();
    const store = SqliteStore.open(file);
    const before = store.updates.changes();
    await store.commit([results([1])]);
    expect(store.updates.changes()).toBe(before);
    const other = SqliteStore.open(file);
    await other.updates.tag(["dev1"], ["north"], false);
    expect(store.updates.changes()).not.toBe(before);
    await other.close();
    await store.close();
  });

  it("rejects a commit while another program holds it, and goes on after", async () => {
    const file = newFile();
    const store = SqliteStore.open(file, { lockMs: 20 });
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.commit([results([1])])).rejects.toThrow(/STORE_LOCKED/);
    other.exec("ROLLBACK");
    expect(await store.commit([results([1])])).toEqual([{ stored: 1, repeats: 0, conflicts: 0 }]);
    other.close();
    await store.close();
  });

  it("rejects a commit that finds no room, and keeps nothing of it", async () => {
    const file = newFile();
    const store = SqliteStore.open(file);
    await store.commit([results([1])]);
    await store.close();
    const full = SqliteStore.open(file);
    const { page_count: pages } = new DatabaseSync(file).prepare("PRAGMA page_count").get() as { page_count: number };
    full.limitPages(pages);
    const many = Array.from({ length: 2000 }, (_, i) => i + 2);
    await expect(full.commit([results(many)])).rejects.toThrow(/STORE_FULL/);
    expect((await full.totals()).records).toBe(1);
    await full.close();
  });
});
