import { copyOf, equalBytes, readU32, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import { ErrorCode } from "../core/error-code.js";
import { Format } from "../flash/flash-log.js";
import type { FileStore } from "../hal/file-store.js";
import { SettingKey } from "./keys.js";
import type { Settings } from "./settings.js";

/** There while something has crashed and the device is not known to be healthy since. */
export const CRASH_FILE = "sertao.bad";

const CRC_BYTES = 4;

/**
 * Settings of a board without pages for them, for what must be known after a crash: in a file, and only from a crash until
 * the device is healthy again. All is well without it, because each write to Storage may be the one that a failing supply
 * tears, and that can cost all files. What is set meanwhile lasts as long as the boot.
 */
export class CrashSettings implements Settings {
  readonly formatted = false;
  private readonly _values: Uint8Array[] = [];
  private _hasFile: boolean;

  constructor(private readonly _files: FileStore) {
    const file = _files.read(CRASH_FILE);
    this._hasFile = file !== undefined;
    if (!file || file.byteLength < CRC_BYTES) return;
    const bytes = new Uint8Array(file);
    const end = bytes.length - CRC_BYTES;
    if (readU32(bytes, end) !== crc32(copyOf(bytes, 0, end))) return;
    // Each value behind its key and length.
    for (let at = 0; at < end; at += 2 + bytes[at + 1]!)
      this._values[bytes[at]!] = copyOf(bytes, at + 2, at + 2 + bytes[at + 1]!);
  }

  get(key: SettingKey): Uint8Array {
    return this._values[key] || new Uint8Array(0);
  }

  getNumber(key: SettingKey, fallback: number): number {
    const value = this.get(key);
    return value.length === 4 ? readU32(value, 0) : fallback;
  }

  set(key: SettingKey, value: Uint8Array): ErrorCode {
    const length = value.length;
    const old = this.get(key);
    if (length > Format.MAX_VALUE_BYTES) return ErrorCode.SETTINGS_FULL;
    if (old.length === length && equalBytes(old, 0, value, 0, length)) return ErrorCode.OK;
    this._values[key] = copyOf(value, 0, length);
    if (!this._hasFile && key !== SettingKey.LAST_CRASH) return ErrorCode.OK;
    if (this._write()) return ErrorCode.OK;
    this._values[key] = old;
    return ErrorCode.SETTINGS_FULL;
  }

  setNumber(key: SettingKey, value: number): ErrorCode {
    const bytes = new Uint8Array(4);
    writeU32(bytes, 0, value);
    return this.set(key, bytes);
  }

  private _write(): boolean {
    if (!this.get(SettingKey.LAST_CRASH).length && !this.getNumber(SettingKey.UNHEALTHY_BOOTS, 0)) {
      this._files.erase(CRASH_FILE);
      this._hasFile = false;
      return true;
    }
    let end = 0;
    for (let key = 0; key < this._values.length; key++) if (this._values[key]) end += 2 + this._values[key]!.length;
    const bytes = new Uint8Array(end + CRC_BYTES);
    for (let key = 0, at = 0; key < this._values.length; key++) {
      const value = this._values[key];
      if (!value) continue;
      bytes[at] = key;
      bytes[at + 1] = value.length;
      bytes.set(value, at + 2);
      at += 2 + value.length;
    }
    writeU32(bytes, end, crc32(copyOf(bytes, 0, end)));
    return (this._hasFile = this._files.write(CRASH_FILE, bytes));
  }
}
