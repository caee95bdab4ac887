import { copyOf, readU32, writeU32 } from "../core/bytes.js";
import { SettingKey } from "../settings/keys.js";
import type { UpdateHost } from "./host.js";
import { Field, type Manifest } from "./manifest.js";
import type { Counterpart } from "./refusal.js";

/** Sequence, companion, bytes of input and output, then operator codes. */
const OPERATORS_AT = 16;

/** Keeps what the other one of a pair must know of the first, which waits for it. */
export function keepCompanion(host: UpdateHost, manifest: Manifest): number {
  const operators = manifest[Field.OPERATORS];
  const bytes = new Uint8Array(OPERATORS_AT + operators.length);
  writeU32(bytes, 0, manifest[Field.SEQUENCE]);
  writeU32(bytes, 4, manifest[Field.COMPANION]);
  writeU32(bytes, 8, manifest[Field.INPUT_BYTES]);
  writeU32(bytes, 12, manifest[Field.OUTPUT_BYTES]);
  bytes.set(operators, OPERATORS_AT);
  return host.settings.set(SettingKey.UPDATE_COMPANION, bytes);
}

/** The update that waits for this one and names it; undefined where none does. */
export function waitingCompanion(host: UpdateHost, manifest: Manifest): Counterpart | undefined {
  const bytes = host.settings.get(SettingKey.UPDATE_COMPANION);
  const companion = manifest[Field.COMPANION];
  return companion &&
    bytes.length >= OPERATORS_AT &&
    readU32(bytes, 0) === companion &&
    readU32(bytes, 4) === manifest[Field.SEQUENCE] &&
    host.slots.waiting(1 - manifest[Field.KIND]) === companion
    ? {
        sequence: companion,
        operators: copyOf(bytes, OPERATORS_AT, bytes.length),
        inputBytes: readU32(bytes, 8),
        outputBytes: readU32(bytes, 12),
      }
    : undefined;
}
