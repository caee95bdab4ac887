import type { ErrorCode } from "../core/error-code.js";
import type { SettingKey } from "./keys.js";

/** A small key-value store: each `set` is whole or absent after a power cut, and lasts once it has returned. */
export interface Settings {
  /** True where no settings were found and an empty store was made: a new device, or one that lost them. */
  readonly formatted: boolean;
  /** The value, empty where there is none. It is the store's own: do not change it. */
  get(key: SettingKey): Uint8Array;
  /** The number that `setNumber` wrote, or `fallback` where the value has not four bytes. */
  getNumber(key: SettingKey, fallback: number): number;
  /**
   * Writes a value of at most 200 bytes; an empty one removes the key. The value it has already costs nothing.
   * @returns OK, SETTINGS_FULL or FLASH_WRITE_FAILED; other than OK leaves the old value
   */
  set(key: SettingKey, value: Uint8Array): ErrorCode;
  /** Writes a whole number from 0 to 2^32 - 1, as four bytes. */
  setNumber(key: SettingKey, value: number): ErrorCode;
}
