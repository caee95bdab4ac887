import type { ErrorCode } from "../core/error-code.js";
import type { SettingKey } from "./keys.js";

/** Greatest length of a value in bytes. */
export const MAX_SETTING_BYTES = 200;

/** A small key-value store: each `set` is whole or absent after a power cut, and lasts once it has returned. */
export interface Settings {
  /** True where `open` found no settings and made an empty store: a new device, or one that lost them. */
  readonly formatted: boolean;
  /** A copy of the value, or undefined where there is none. */
  get(key: SettingKey): Uint8Array | undefined;
  /** The number that `setNumber` wrote, or `fallback` where the value has not four bytes. */
  getNumber(key: SettingKey, fallback: number): number;
  /**
   * Writes a value of 1 to MAX_SETTING_BYTES bytes. The value it has already costs nothing.
   * @returns OK, SETTINGS_FULL or FLASH_WRITE_FAILED; other than OK leaves the old value
   */
  set(key: SettingKey, value: Uint8Array): ErrorCode;
  /** Writes a whole number from 0 to 2^32 - 1, as four bytes. */
  setNumber(key: SettingKey, value: number): ErrorCode;
  remove(key: SettingKey): ErrorCode;
  /** SETTINGS_DAMAGED once where damage was met and passed over, else OK. */
  takeError(): ErrorCode;
}
