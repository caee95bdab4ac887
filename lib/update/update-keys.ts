import { copyOf, readU32, writeU32 } from "../core/bytes.js";
import { CborReader } from "../core/cbor-reader.js";
import type { ErrorCode } from "../core/error-code.js";
import { readScalars } from "../core/scalar-map.js";
import { PUBLIC_KEY_BYTES } from "../crypto/signed-envelope.js";
import { SettingKey } from "../settings/keys.js";
import { Lent, type LentHost } from "./agent-link.js";
import type { UpdateHost } from "./host.js";

/** The provisioning (docs/protocol.md) has the keys that a device trusts at first. */
export const PROVISIONING_FILE = "sertao.cfg";
/** Its key of the working key; that of the spare follows. */
const WORKING_KEY = 10;

/** In the settings, once an update has changed them: both, zeros for one that is revoked, and the update's sequence. */
const SEQUENCE_AT = 2 * PUBLIC_KEY_BYTES;
const STORED_BYTES = SEQUENCE_AT + 4;
/** Where the number of an HSS key's levels ends: 1. */
const LEVELS_AT = 3;

/** The keys that a signature can be proven by. */
export interface UpdateKeys {
  /** By KeySlot: PUBLIC_KEY_BYTES, or empty. */
  readonly trusted: Uint8Array[];
  /** Sequence of the update that changed them last; 0 where they are those of the provisioning. */
  readonly changedBy: number;
}

/** Reads the keys: those of the provisioning, unless an update has changed them. */
export function readKeys({ files, lent }: UpdateHost): UpdateKeys {
  const none = new Uint8Array(0);
  const values: unknown[] = [0, "", 0, "", 0, "", none, "", "", 0, none, none];
  const trusted: Uint8Array[] = [];
  const stored = lent[Lent.GET_SETTING](SettingKey.UPDATE_KEYS);
  const file = files.read(PROVISIONING_FILE);
  if (file) readScalars(new CborReader(new Uint8Array(file), 0, file.byteLength), values);
  for (let slot = 0; slot < 2; slot++) {
    const at = slot * PUBLIC_KEY_BYTES;
    const key = stored.length ? copyOf(stored, at, at + PUBLIC_KEY_BYTES) : (values[WORKING_KEY + slot] as Uint8Array);
    trusted.push(key[LEVELS_AT] ? key : none);
  }
  return { trusted, changedBy: readU32(stored, SEQUENCE_AT) };
}

/** Writes changed keys and what changed them, at once. */
export function writeKeys(lent: LentHost, trusted: readonly Uint8Array[], sequence: number): ErrorCode {
  const bytes = new Uint8Array(STORED_BYTES);
  bytes.set(trusted[0]!);
  bytes.set(trusted[1]!, PUBLIC_KEY_BYTES);
  writeU32(bytes, SEQUENCE_AT, sequence);
  return lent[Lent.SET_SETTING](SettingKey.UPDATE_KEYS, bytes);
}
