import { copyOf, readU32, writeU32 } from "../core/bytes.js";
import type { ErrorCode } from "../core/error-code.js";
import { PUBLIC_KEY_BYTES } from "../crypto/signed-envelope.js";
import { SettingKey } from "../settings/keys.js";
import { Lent, type LentHost } from "./agent-link.js";
import type { UpdateHost } from "./host.js";

/** File with the keys that a device trusts at first: working key and spare, one behind the other; zeros for none. */
export const KEYS_FILE = "update.key";

/** In the settings, once an update has changed them: the same, and the sequence of that update. */
const SEQUENCE_AT = 2 * PUBLIC_KEY_BYTES;
const STORED_BYTES = SEQUENCE_AT + 4;
/** Where the number of an HSS key's levels ends: 1. */
const LEVELS_AT = 3;

/** The keys that a signature can be proven by. */
export interface UpdateKeys {
  /** By KeySlot: PUBLIC_KEY_BYTES, or empty. */
  readonly trusted: Uint8Array[];
  /** Sequence of the update that changed them last; 0 where they came over the cable. */
  readonly changedBy: number;
}

/** Reads the keys: those of the file, unless an update has changed them. */
export function readKeys({ files, lent }: UpdateHost): UpdateKeys {
  const stored = lent[Lent.GET_SETTING](SettingKey.UPDATE_KEYS);
  const file = files.read(KEYS_FILE);
  const bytes = new Uint8Array(STORED_BYTES);
  bytes.set(stored.length || !file ? stored : new Uint8Array(file));
  const trusted: Uint8Array[] = [];
  for (let at = 0; at < SEQUENCE_AT; at += PUBLIC_KEY_BYTES)
    trusted.push(copyOf(bytes, at, bytes[at + LEVELS_AT] ? at + PUBLIC_KEY_BYTES : at));
  return { trusted, changedBy: readU32(bytes, SEQUENCE_AT) };
}

/** Writes changed keys and what changed them, at once. */
export function writeKeys(lent: LentHost, trusted: readonly Uint8Array[], sequence: number): ErrorCode {
  const bytes = new Uint8Array(STORED_BYTES);
  bytes.set(trusted[0]!);
  bytes.set(trusted[1]!, PUBLIC_KEY_BYTES);
  writeU32(bytes, SEQUENCE_AT, sequence);
  return lent[Lent.SET_SETTING](SettingKey.UPDATE_KEYS, bytes);
}
