import type { CborWriter } from "../core/cbor-writer.js";
import type { ErrorCode } from "../core/error-code.js";
import type { ResetReason } from "../hal/power.js";
import { NONCE_BYTES } from "./time-sync.js";
import { PROTOCOL_VERSION } from "./topics.js";

/** Key 1 of `status`. */
export const enum DeviceState {
  OFFLINE = 0,
  ONLINE = 1,
  SLEEPING = 2,
}

/** What `status` says that does not change within a boot. */
export interface DeviceFacts {
  readonly incarnation: number;
  readonly epoch: number;
  /** The clock is off by at most so many parts per million of the epoch's age; 0 where it has not slept. */
  readonly clockPpm: number;
  readonly resetReason: ResetReason;
  readonly application: string;
  readonly runtime: string;
  readonly modelId: number;
  readonly modelVersion: number;
  readonly board: string;
  readonly boots: number;
}

/** What it says that does. */
export interface DeviceCondition {
  readonly evictedNormal: number;
  readonly evictedAlarm: number;
  readonly supplyMillivolts: number;
  readonly freeMemory: number;
  readonly waiting: number;
  readonly epochSec: number;
  readonly errors: readonly ErrorCode[];
  /** Begins with the nonce that `time` must repeat; empty where no answer is waited for. */
  readonly nonce: Uint8Array;
  /** Unix seconds of the `time` accepted last and the second of the epoch in which it came; empty before. */
  readonly syncedAt: readonly number[];
  /** Unix seconds by a clock that nobody vouches for (SNTP), 0 where there is none. */
  readonly wallClockSec: number;
}

/** A status that has the state alone, as the will does: what was said before stays true. */
export function stateStatus(state: DeviceState): Uint8Array {
  return new Uint8Array([0xa2, 0, PROTOCOL_VERSION, 1, state]);
}

/** Encodes `status` (docs/protocol.md). */
export function encodeStatus(writer: CborWriter, state: DeviceState, facts: DeviceFacts, now: DeviceCondition): void {
  // A value's place is its key.
  const values = [
    PROTOCOL_VERSION,
    state,
    facts.incarnation,
    facts.epoch,
    facts.resetReason,
    facts.application,
    facts.runtime,
    [facts.modelId, facts.modelVersion],
    [now.evictedNormal, now.evictedAlarm],
    now.supplyMillivolts,
    now.freeMemory,
    now.waiting,
    now.epochSec,
    facts.board,
    now.errors,
    facts.boots,
    now.nonce,
    now.syncedAt,
    now.wallClockSec,
    facts.clockPpm,
  ];
  // The last is a sleeping device's alone.
  const count = values.length - (facts.clockPpm ? 0 : 1);
  writer.reset();
  writer.map(count);
  for (let key = 0; key < count; key++) {
    writer.number(key);
    writeValue(writer, values[key]!);
  }
}

function writeValue(writer: CborWriter, value: number | string | Uint8Array | readonly number[]): void {
  if (typeof value === "number") writer.number(value);
  else if (typeof value === "string") writer.text(value);
  else if (value instanceof Uint8Array) writer.byteString(value, 0, value.length && NONCE_BYTES);
  else {
    writer.array(value.length);
    for (let i = 0; i < value.length; i++) writer.number(value[i]!);
  }
}
