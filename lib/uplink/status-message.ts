import { CborWriter } from "../core/cbor-writer.js";
import type { ErrorCode } from "../core/error-code.js";
import type { ResetReason } from "../hal/power.js";
import { PROTOCOL_VERSION, STATUS } from "./topics.js";

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
  evictedNormal: number;
  evictedAlarm: number;
  supplyMillivolts: number;
  freeMemory: number;
  waiting: number;
  epochSec: number;
  errors: ErrorCode[];
}

const MAX_ERRORS = 8;

/** The payload of the will, `{0: 1, 1: 0}`: the broker says offline for a device that cannot. */
export function offlineStatus(): Uint8Array {
  return new Uint8Array([0xa2, 0, PROTOCOL_VERSION, 1, DeviceState.OFFLINE]);
}

/** Encodes `status` (docs/protocol.md). */
export function encodeStatus(state: DeviceState, facts: DeviceFacts, now: DeviceCondition): CborWriter {
  const writer = new CborWriter(new Uint8Array(STATUS.maxBytes));
  const errors = Math.min(now.errors.length, MAX_ERRORS);
  writer.map(16);
  pair(writer, 0, PROTOCOL_VERSION);
  pair(writer, 1, state);
  pair(writer, 2, facts.incarnation);
  pair(writer, 3, facts.epoch);
  pair(writer, 4, facts.resetReason);
  writer.number(5);
  writer.text(facts.application);
  writer.number(6);
  writer.text(facts.runtime);
  two(writer, 7, facts.modelId, facts.modelVersion);
  two(writer, 8, now.evictedNormal, now.evictedAlarm);
  pair(writer, 9, now.supplyMillivolts);
  pair(writer, 10, now.freeMemory);
  pair(writer, 11, now.waiting);
  pair(writer, 13, Math.floor(now.epochSec));
  writer.number(14);
  writer.text(facts.board);
  writer.number(15);
  writer.array(errors);
  for (let i = 0; i < errors; i++) writer.number(now.errors[i]!);
  pair(writer, 16, facts.boots);
  return writer;
}

function pair(writer: CborWriter, key: number, value: number): void {
  writer.number(key);
  writer.number(value);
}

function two(writer: CborWriter, key: number, first: number, second: number): void {
  writer.number(key);
  writer.array(2);
  writer.number(first);
  writer.number(second);
}
