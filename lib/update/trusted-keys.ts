import { ErrorCode } from "../core/error-code.js";
import { Field, type Manifest } from "./manifest.js";

/** The two trusted keys by their place. */
export const enum KeySlot {
  /** Signs from day to day. */
  WORKING = 0,
  /** Kept offline. */
  SPARE = 1,
}

/**
 * Does what a manifest of kind KEY says: the key in its slot is replaced, or revoked where there is no new one. Each key
 * may go itself. Only the spare may send the other one away: who steals the working key must not lock its owner out.
 * @param manifest verified
 * @param signer slot of the key that signed it
 * @param keys the trusted keys, PUBLIC_KEY_BYTES each or empty; changed where the answer is OK
 * @returns OK, or UPDATE_KEY_FORBIDDEN where the signer may not, or no key would be left
 */
export function changeKey(manifest: Manifest, signer: number, keys: Uint8Array[]): ErrorCode {
  const slot = manifest[Field.KEY_SLOT];
  const newKey = manifest[Field.NEW_KEY];
  if ((signer !== KeySlot.SPARE && signer !== slot) || !(newKey.length || keys[1 - slot]!.length))
    return ErrorCode.UPDATE_KEY_FORBIDDEN;
  keys[slot] = newKey;
  return ErrorCode.OK;
}
