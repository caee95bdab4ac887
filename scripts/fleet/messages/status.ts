import { decodeCbor } from "./decode-cbor.js";
import { array, assertVersion, map, text, uint } from "./fields.js";
import { Refusal } from "./refusal.js";

const MAX_ERRORS = 32;
const NONCE_BYTES = 8;

/** `status` of docs/protocol.md. A will has the state alone. */
export interface Status {
  readonly kind: "status";
  /** 0 offline, 1 online, 2 sleeping. */
  readonly state: number;
  readonly incarnation?: number;
  readonly epoch?: number;
  readonly resetReason?: number;
  readonly application?: string;
  readonly runtime?: string;
  readonly model?: { readonly id: number; readonly version: number };
  readonly evicted?: { readonly normal: number; readonly alarm: number };
  readonly supplyMillivolts?: number;
  readonly freeBytes?: number;
  readonly waiting?: number;
  readonly epochSec?: number;
  readonly board?: string;
  readonly errors?: readonly number[];
  readonly boots?: number;
  /** What the answering `time` message must repeat: 8 bytes, a copy. */
  readonly nonce?: Uint8Array;
  /** The last `time` message of this epoch that the device accepted, and the epoch's age in seconds then. */
  readonly timed?: { readonly unixSec: number; readonly epochSec: number };
  /** Unix seconds by the device's calendar, which nobody vouches for. */
  readonly calendarSec?: number;
  /** How far the epoch's clock may be off, parts per million of its age: of a device that sleeps through it. */
  readonly clockPpm?: number;
}

/** Decodes `status`. @throws Refusal */
export function decodeStatus(payload: Uint8Array): Status {
  const keys = map(decodeCbor(payload), "status");
  assertVersion(keys.get(0), "status");
  const optional = <T>(key: number, read: (value: unknown) => T): T | undefined =>
    keys.has(key) ? read(keys.get(key)) : undefined;
  const count = (key: number, what: string): number | undefined => optional(key, (value) => uint(value, what));
  const label = (key: number, what: string): string | undefined => optional(key, (value) => text(value, what, 64));
  const pair = (key: number, what: string): [number, number] | undefined =>
    optional(key, (value) => {
      const items = array(value, what, 2);
      return [uint(items[0], what), uint(items[1], what)];
    });
  const model = pair(7, "model");
  const evicted = pair(8, "evicted");
  const timed = isEmptyArray(keys.get(17)) ? undefined : pair(17, "accepted time");
  return defined({
    kind: "status" as const,
    state: uint(keys.get(1), "state", 2),
    incarnation: count(2, "incarnation"),
    epoch: count(3, "epoch"),
    resetReason: optional(4, (value) => uint(value, "reset reason", 6)),
    application: label(5, "application"),
    runtime: label(6, "runtime"),
    model: model && { id: model[0], version: model[1] },
    evicted: evicted && { normal: evicted[0], alarm: evicted[1] },
    supplyMillivolts: count(9, "supply"),
    freeBytes: count(10, "free memory"),
    waiting: count(11, "waiting"),
    epochSec: count(12, "seconds of the epoch"),
    board: label(13, "board"),
    errors: optional(14, errorCodes),
    boots: count(15, "boots"),
    nonce: optional(16, nonceBytes),
    timed: timed && { unixSec: timed[0], epochSec: timed[1] },
    calendarSec: count(18, "calendar") || undefined,
    clockPpm: count(19, "clock tolerance") || undefined,
  });
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Undefined where the device asks for nothing. */
function nonceBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array && value.length === 0) return undefined;
  if (!(value instanceof Uint8Array) || value.length !== NONCE_BYTES) {
    throw new Refusal(`nonce is not ${NONCE_BYTES} bytes`);
  }
  return Uint8Array.from(value);
}

function errorCodes(value: unknown): number[] {
  return array(value, "errors", 0)
    .slice(0, MAX_ERRORS)
    .map((code) => uint(code, "error code"));
}

/** Leaves out keys whose value is undefined, so that absent is absent. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
