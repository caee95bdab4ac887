import { copyOf, readU32, writeU32 } from "../core/bytes.js";
import { CborReader } from "../core/cbor-reader.js";
import { readScalars } from "../core/scalar-map.js";
import { PUBLIC_KEY_BYTES } from "../crypto/signed-envelope.js";
import { SettingKey } from "../settings/keys.js";
import type { UpdateHost } from "./host.js";

/** File of the provisioning (docs/protocol.md), which has the keys that a device trusts at first. */
const PROVISIONING_FILE = "sertao.cfg";

/** Keys of the provisioning. */
const enum Key {
  DEVICE_KEY = 6,
  WORKING = 10,
  SPARE = 11,
}

/** In the settings: working key, spare, sequence of the update that changed them. A key of zeros is revoked. */
const SEQUENCE_AT = 2 * PUBLIC_KEY_BYTES;
const STORED_BYTES = SEQUENCE_AT + 4;

/** The keys that an update can be proven by. */
export interface UpdateKeys {
  /** By KeySlot: PUBLIC_KEY_BYTES, or empty. */
  readonly trusted: Uint8Array[];
  readonly deviceKey: Uint8Array;
  /** Sequence of the update that changed them last; 0 where they are those of the provisioning. */
  readonly changedBy: number;
}

/** Reads the keys: those of the provisioning, unless an update has changed them. */
export function readKeys(host: UpdateHost): UpdateKeys {
  const none = new Uint8Array(0);
  const values: unknown[] = [0, "", 0, "", 0, "", none, "", "", 0, none, none];
  const file = host.files.read(PROVISIONING_FILE);
  if (file) readScalars(new CborReader(new Uint8Array(file), 0, file.byteLength), values);
  const trusted = [values[Key.WORKING] as Uint8Array, values[Key.SPARE] as Uint8Array];
  const stored = host.settings.get(SettingKey.UPDATE_KEYS);
  const isChanged = stored.length === STORED_BYTES;
  for (let slot = 0; slot < 2; slot++) {
    if (isChanged) trusted[slot] = copyOf(stored, slot * PUBLIC_KEY_BYTES, (slot + 1) * PUBLIC_KEY_BYTES);
    // An HSS key begins with the number of its levels, 1.
    if (trusted[slot]!.length !== PUBLIC_KEY_BYTES || !trusted[slot]![3]) trusted[slot] = none;
  }
  return {
    trusted,
    deviceKey: values[Key.DEVICE_KEY] as Uint8Array,
    changedBy: isChanged ? readU32(stored, SEQUENCE_AT) : 0,
  };
}

/** Writes changed keys and what changed them, at once. */
export function writeKeys(host: UpdateHost, trusted: readonly Uint8Array[], sequence: number): number {
  const bytes = new Uint8Array(STORED_BYTES);
  bytes.set(trusted[0]!);
  bytes.set(trusted[1]!, PUBLIC_KEY_BYTES);
  writeU32(bytes, SEQUENCE_AT, sequence);
  return host.settings.set(SettingKey.UPDATE_KEYS, bytes);
}
