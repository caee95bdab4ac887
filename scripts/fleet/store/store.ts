import type { AckLevels } from "../messages/ack.js";
import type { Message } from "../messages/message.js";
import type { ClockVerdict } from "./judge-clock.js";
import type { UpdateStore } from "./update-store.js";

/** A message of a device, or bytes that are none, on their way into the store. */
export interface Arrival {
  readonly device: string;
  /** Milliseconds since 1970, by the collector's clock. */
  readonly receivedAt: number;
  /** What the message says. */
  readonly message: Message | Refused;
  /**
   * When the connection that carried it began, where the collector saw that: the device was alive then. Undefined for
   * a will, a retained copy, or behind another broker.
   */
  readonly connectedAt?: number;
  /** True for the copy a broker kept: it says nothing of when the device was last seen. */
  readonly retained?: boolean;
  /** True where the outcome shall say what is acknowledged after it. */
  readonly asksLevels?: boolean;
}

/** A payload that is not a message of the protocol; kept, so that it can be looked at or decoded later. */
export interface Refused {
  readonly kind: "refused";
  readonly topic: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

/** What became of one arrival. */
export interface Outcome {
  /** Records stored for the first time. */
  readonly stored: number;
  /** Records that were there already, equal, and were dropped. */
  readonly repeats: number;
  /** Records whose identity was taken by another content: a cloned or reset device. */
  readonly conflicts: number;
  /**
   * Sequences up to which every record of each class is committed, or known never to come, in the incarnation that the
   * message names; where the arrival asks for them.
   */
  readonly levels?: AckLevels;
  /** True for an `update/state` that says something else than the device's last one of that update. */
  readonly isNews?: boolean;
}

/** A stored result with its place in time. */
export interface ResultRow {
  readonly device: string;
  readonly incarnation: number;
  readonly sequence: number;
  /** 0 normal, 1 alarm. */
  readonly priority: number;
  readonly epoch: number;
  readonly epochSec: number;
  readonly name: string;
  /** Null where the device sent NaN. */
  readonly value: number | null;
  readonly modelId: number;
  readonly modelVersion: number;
  readonly receivedAt: number;
  /** Milliseconds since 1970: the device's own synchronised time, else the latest it can have been. */
  readonly at: number;
  /** The earliest it can have been; null where nothing bounds it. Equal to `at` for synchronised time. */
  readonly earliest: number | null;
  /** True where `at` is the device's synchronised time. */
  readonly synchronised: boolean;
}

export interface ResultsQuery {
  readonly device?: string;
  /** Only results that can have been at or after this time, milliseconds since 1970. */
  readonly since?: number;
  /** At most this many, the last received. */
  readonly limit?: number;
}

/** A device as the store knows it. Null where it has not said so yet. */
export interface DeviceRow {
  readonly device: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** 0 offline, 1 online, 2 sleeping. */
  readonly state: number | null;
  readonly application: string | null;
  readonly runtime: string | null;
  readonly board: string | null;
  readonly modelId: number | null;
  readonly modelVersion: number | null;
  readonly resetReason: number | null;
  readonly boots: number | null;
  readonly supplyMillivolts: number | null;
  readonly freeBytes: number | null;
  readonly waiting: number | null;
  readonly errors: readonly number[];
  /** The last `update/state`. */
  readonly update: { readonly sequence: number; readonly state: number; readonly reason: number } | null;
  /** Records stored, counting those that `retain` has deleted since. */
  readonly records: number;
  readonly repeats: number;
  readonly conflicts: number;
  readonly refused: number;
  /** Records the device says it lost to its overflow policy. */
  readonly evicted: number;
  /** Sequences below the highest stored that are missing. */
  readonly missing: number;
  /** Missing sequences that evictions do not explain. Alarms overtake, so some of them may be on their way. */
  readonly unexplained: number;
}

/** How a device's clock ran in one epoch, as far as its messages show. */
export interface ClockRow extends ClockVerdict {
  readonly incarnation: number;
  readonly epoch: number;
  /** By how much the bounds of the epoch's beginning contradict each other, beyond what drift explains; 0: not at all. */
  readonly contradictionMs: number;
}

/** A run of missing sequences. */
export interface Gap {
  readonly device: string;
  readonly incarnation: number;
  readonly first: number;
  readonly last: number;
}

/** The same identity with another content. */
export interface ConflictRow {
  readonly device: string;
  readonly incarnation: number;
  readonly sequence: number;
  readonly receivedAt: number;
  readonly stored: string;
  readonly other: string;
}

export interface LogRow {
  readonly device: string;
  readonly receivedAt: number;
  readonly level: number;
  readonly text: string;
  readonly dropped: number;
}

export interface Totals {
  readonly devices: number;
  readonly records: number;
  readonly repeats: number;
  readonly conflicts: number;
  readonly refused: number;
}

/**
 * Where a fleet's results are kept. `test/contract/store.ts` holds every implementation to this. All methods reject
 * with a SertaoError (STORE_…) where the medium fails.
 */
export interface Store {
  /** Published updates, and where devices are with them. */
  readonly updates: UpdateStore;
  /**
   * Takes arrivals, in order, as one unit: when it resolves all are durable, when it rejects none is there.
   * @returns an outcome for each arrival
   */
  commit(arrivals: readonly Arrival[]): Promise<Outcome[]>;
  /** Results, oldest received first. */
  results(query: ResultsQuery): Promise<ResultRow[]>;
  devices(): Promise<DeviceRow[]>;
  gaps(device: string): Promise<Gap[]>;
  /** How the clock of a device ran, epoch by epoch. */
  clocks(device: string): Promise<ClockRow[]>;
  conflicts(device: string): Promise<ConflictRow[]>;
  /** Log lines, oldest first: the last `limit`. */
  logs(device: string | undefined, limit: number): Promise<LogRow[]>;
  /** Payloads that were refused, oldest first. */
  refusals(device: string): Promise<{ receivedAt: number; topic: string; reason: string; bytes: Uint8Array }[]>;
  totals(): Promise<Totals>;
  /** Deletes what was received before a time. Identities stay known, so a late repeat is still dropped. */
  retain(before: number): Promise<number>;
  /** Deletes everything of a device; false where there was nothing. */
  forget(device: string): Promise<boolean>;
  close(): Promise<void>;
}
