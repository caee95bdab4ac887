import { publishUpdates } from "./publish-updates.js";
import type { Prepared, Row } from "./prepared.js";
import type {
  DeviceUpdate,
  PublishedUpdate,
  PublishOutcome,
  StoredUpdate,
  UpdatePhase,
  UpdateStateRow,
  UpdateStore,
  WithdrawOutcome,
} from "./update-store.js";
import { withdrawUpdate } from "./withdraw-update.js";

type Run = <T>(work: () => T) => T;

/** Updates and tags in the store's SQLite file. */
export class SqliteUpdates implements UpdateStore {
  readonly #sql: Prepared;
  readonly #read: Run;
  readonly #transaction: Run;
  readonly #version: () => number;

  /** @param version a number that changes when another connection has committed */
  constructor(sql: Prepared, read: Run, transaction: Run, version: () => number) {
    this.#sql = sql;
    this.#read = read;
    this.#transaction = transaction;
    this.#version = version;
  }

  async publish(updates: readonly PublishedUpdate[], devices: readonly string[], now: number): Promise<PublishOutcome> {
    return this.#transaction(() => publishUpdates(this.#sql, updates, devices, now));
  }

  async withdraw(sequence: number, devices: readonly string[] | undefined, now: number): Promise<WithdrawOutcome> {
    return this.#transaction(() => withdrawUpdate(this.#sql, sequence, devices, now));
  }

  async update(sequence: number): Promise<StoredUpdate | undefined> {
    const row = this.#read(() => this.#sql.one("update", sequence));
    return row && { ...toUpdate(row), image: bytesOf(row["image"]) };
  }

  async updates(): Promise<Omit<StoredUpdate, "image">[]> {
    return this.#read(() => this.#sql.all("updateList")).map(toUpdate);
  }

  async ofDevices(device = ""): Promise<DeviceUpdate[]> {
    return this.#read(() => this.#sql.all("deviceUpdates", device, device)).map(toDeviceUpdate);
  }

  async active(device = ""): Promise<DeviceUpdate[]> {
    return this.#read(() => this.#sql.all("activeUpdates", device, device)).map(toDeviceUpdate);
  }

  async ofDevice(device: string, sequence: number): Promise<DeviceUpdate | undefined> {
    const row = this.#read(() => this.#sql.one("deviceUpdate", device, sequence));
    return row && toDeviceUpdate(row);
  }

  async offering(offers: readonly { readonly device: string; readonly sequence: number }[]): Promise<void> {
    this.#transaction(() => {
      for (const { device, sequence } of offers) this.#sql.run("offering", device, sequence);
    });
  }

  async offered(device: string, sequence = 0): Promise<void> {
    this.#transaction(() => this.#sql.run("offered", sequence, device, sequence));
  }

  async greatestSequences(except: readonly number[]): Promise<ReadonlyMap<string, number>> {
    const greatest = new Map<string, number>();
    for (const row of this.#read(() => this.#sql.all("sequences"))) {
      const [device, sequence] = [String(row["device"]), Number(row["sequence"])];
      if (!except.includes(sequence)) greatest.set(device, Math.max(sequence, greatest.get(device) ?? 0));
    }
    return greatest;
  }

  async history(device = ""): Promise<UpdateStateRow[]> {
    return this.#read(() => this.#sql.all("updateStates", device, device)).map((row) => ({
      device: String(row["device"]),
      sequence: Number(row["sequence"]),
      state: Number(row["state"]),
      reason: Number(row["reason"]),
      receivedAt: Number(row["received_at"]),
    }));
  }

  async tag(devices: readonly string[], tags: readonly string[], remove: boolean): Promise<void> {
    this.#transaction(() => {
      for (const device of devices) for (const tag of tags) this.#sql.run(remove ? "removeTag" : "addTag", device, tag);
    });
  }

  async tags(): Promise<ReadonlyMap<string, readonly string[]>> {
    const tags = new Map<string, string[]>();
    for (const row of this.#read(() => this.#sql.all("tags"))) {
      const device = String(row["device"]);
      tags.set(device, [...(tags.get(device) ?? []), String(row["tag"])]);
    }
    return tags;
  }

  changes(): number {
    return this.#read(this.#version);
  }
}

function toUpdate(row: Row): Omit<StoredUpdate, "image"> {
  return {
    sequence: Number(row["sequence"]),
    kind: String(row["kind"]),
    keySlot: String(row["key_slot"]),
    companion: Number(row["companion"]),
    publishedAt: Number(row["published_at"]),
    envelope: bytesOf(row["envelope"]),
  };
}

function toDeviceUpdate(row: Row): DeviceUpdate {
  const number = (column: string): number => Number(row[column]);
  return {
    device: String(row["device"]),
    sequence: number("sequence"),
    kind: String(row["kind"]),
    companion: number("companion"),
    phase: row["phase"] as UpdatePhase,
    publishedAt: number("published_at"),
    changedAt: number("changed_at"),
    state: number("state"),
    reason: number("reason"),
    done: number("done"),
    total: number("total"),
    retained: number("retained") === 1,
    board: row["board"] === null ? null : String(row["board"]),
  };
}

function bytesOf(hex: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(String(hex), "hex"));
}
