import { SenmlLabel } from "../../../lib/uplink/labels.js";
import { array, map, MAX_U32, number, text, uint } from "./fields.js";
import { Refusal } from "./refusal.js";

const MAX_RECORDS = 32;
const MAX_NAME = 128;
/** RFC 8428 §4.5.1. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/;

/** One result of a pack, resolved (RFC 8428 §4.6). */
export interface ResultRecord {
  readonly sequence: number;
  /** 0 normal, 1 alarm. */
  readonly priority: number;
  /** Base name and name. */
  readonly name: string;
  /** Null where the device sent NaN. */
  readonly value: number | null;
  /** Whole seconds since the epoch began. */
  readonly epochSec: number;
  /** Seconds since 1970, where the device's epoch was synchronised. */
  readonly unixSec: number | null;
}

/** Resolves the records of a pack. @throws Refusal */
export function readPack(value: unknown, firstSequence: number): ResultRecord[] {
  const items = array(value, "pack", 1);
  if (items.length > MAX_RECORDS) throw new Refusal(`pack has more than ${MAX_RECORDS} records`);
  const base = { name: "", epochSec: 0, unixSec: null as number | null };
  let sequence = firstSequence;
  return items.map((item, index) => {
    const keys = map(item, "record");
    mustUnderstand(keys);
    if (keys.has(SenmlLabel.BASE_NAME)) base.name = text(keys.get(SenmlLabel.BASE_NAME), "base name", MAX_NAME);
    if (keys.has(SenmlLabel.BASE_EPOCH_TIME)) base.epochSec = uint(keys.get(SenmlLabel.BASE_EPOCH_TIME), "epoch time");
    if (keys.has(SenmlLabel.BASE_TIME)) base.unixSec = number(keys.get(SenmlLabel.BASE_TIME), "base time");
    const step = uint(keys.get(SenmlLabel.SEQUENCE_STEP) ?? 1, "sequence step");
    if (index > 0) {
      if (step === 0) throw new Refusal("a sequence repeats within the message");
      sequence = uint(sequence + step, "sequence");
    }
    const result = number(keys.get(SenmlLabel.VALUE), "value");
    return {
      sequence,
      priority: uint(keys.get(SenmlLabel.PRIORITY) ?? 0, "priority", 1),
      name: fullName(base.name, keys),
      value: Number.isNaN(result) ? null : result,
      epochSec: uint(base.epochSec + uint(keys.get(SenmlLabel.EPOCH_TIME) ?? 0, "epoch time"), "epoch time", MAX_U32),
      unixSec: absoluteTime(base.unixSec, keys),
    };
  });
}

/** A label that ends with "_" changes the meaning of a record for those who do not know it (RFC 8428 §4.4). */
function mustUnderstand(keys: ReadonlyMap<unknown, unknown>): void {
  for (const key of keys.keys()) {
    if (typeof key === "string" && key.endsWith("_")) throw new Refusal("a label must be understood and is not");
  }
}

function fullName(baseName: string, keys: ReadonlyMap<unknown, unknown>): string {
  const name = baseName + text(keys.get(SenmlLabel.NAME) ?? "", "name", MAX_NAME);
  if (name.length > MAX_NAME || !NAME.test(name)) throw new Refusal("name is empty, too long or has other characters");
  return name;
}

/** Below 2^28 a SenML time is relative to now (RFC 8428 §4.5.3), which the protocol does not send. */
function absoluteTime(baseSec: number | null, keys: ReadonlyMap<unknown, unknown>): number | null {
  if (baseSec === null && !keys.has(SenmlLabel.TIME)) return null;
  const time = (baseSec ?? 0) + number(keys.get(SenmlLabel.TIME) ?? 0, "time");
  if (!(time >= 2 ** 28 && time < 2 ** 33)) throw new Refusal("time is not absolute");
  return time;
}
