import { copyOf, readU32, writeU32 } from "../core/bytes.js";
import type { ErrorCode } from "../core/error-code.js";
import { SettingKey } from "../settings/keys.js";
import { Lent, type LentHost } from "./agent-link.js";
import { Field, type Manifest } from "./manifest.js";
import type { Counterpart } from "./refusal.js";

/** Sequence of the companion, bytes of input and output, then operator codes. */
const OPERATORS_AT = 12;

/** True for the one of a pair that comes first, and waits for the other. */
export function isFirstOfPair(manifest: Manifest): boolean {
  return manifest[Field.COMPANION] > manifest[Field.SEQUENCE];
}

/** Keeps what the other one of a pair must know of the first. */
export function keepCompanion(lent: LentHost, manifest: Manifest): ErrorCode {
  const operators = manifest[Field.OPERATORS];
  const bytes = new Uint8Array(OPERATORS_AT + operators.length);
  writeU32(bytes, 0, manifest[Field.COMPANION]);
  writeU32(bytes, 4, manifest[Field.INPUT_BYTES]);
  writeU32(bytes, 8, manifest[Field.OUTPUT_BYTES]);
  bytes.set(operators, OPERATORS_AT);
  return lent[Lent.SET_SETTING](SettingKey.UPDATE_COMPANION, bytes);
}

/** The update that waits for this one and names it; undefined where none does. */
export function waitingCompanion(lent: LentHost, manifest: Manifest): Counterpart | undefined {
  const bytes = lent[Lent.GET_SETTING](SettingKey.UPDATE_COMPANION);
  const companion = manifest[Field.COMPANION];
  return readU32(bytes, 0) === manifest[Field.SEQUENCE] && lent[Lent.WAITING](1 - manifest[Field.KIND]) === companion
    ? {
        sequence: companion,
        operators: copyOf(bytes, OPERATORS_AT, bytes.length),
        inputBytes: readU32(bytes, 4),
        outputBytes: readU32(bytes, 8),
      }
    : undefined;
}
