import { copyOf, equalBytes, readU32, writeU32 } from "../core/bytes.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import { attempt } from "../flash/attempt.js";
import { FlashLog, Format } from "../flash/flash-log.js";
import { Layout, type FlashPages } from "../flash/flash-pages.js";
import type { SettingKey } from "./keys.js";
import type { Settings } from "./settings.js";

/** Settings in memory, and in a log over two pages; where a page is full, all of them move to the other one. */
export class FlashSettings implements Settings {
  readonly formatted: boolean;
  private readonly _values: Uint8Array[] = [];
  private readonly _log: FlashLog;

  /**
   * Opens the settings in the first two pages, or makes an empty store where there is none.
   * @throws DeviceError FLASH_WRITE_FAILED where the flash refuses to be formatted
   */
  constructor(pages: FlashPages) {
    const log = (this._log = new FlashLog(pages, 0, Layout.SETTINGS_PAGES, ErrorCode.SETTINGS_DAMAGED));
    this.formatted = !log._serial;
    if (this.formatted) this._move();
    else {
      log._recover((key, bytes, start, end) => {
        this._values[key] = copyOf(bytes, start, end);
        return true;
      });
      // The next write leaves the damage behind.
      if (pages._damage) log._at = pages._pageBytes;
    }
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
    const status = attempt(() => {
      if (this._log._fits(length)) this._log._add(key, value, length);
      else this._move();
      return ErrorCode.OK;
    });
    if (status) this._values[key] = old;
    return status;
  }

  setNumber(key: SettingKey, value: number): ErrorCode {
    const bytes = new Uint8Array(4);
    writeU32(bytes, 0, value);
    return this.set(key, bytes);
  }

  /** Writes all that there is to the other page. */
  private _move(): void {
    const log = this._log;
    let at: number = Format.PAGE_HEAD_BYTES;
    log._erase();
    for (let key = 0; key < this._values.length; key++) {
      const value = this.get(key);
      if (!value.length) continue;
      if (at + Format.FRAME_HEAD_BYTES + value.length > log._pages._pageBytes) {
        throw new DeviceError(ErrorCode.SETTINGS_FULL, key);
      }
      at = log._put(log._serial + 1, at, key, value, value.length);
    }
    log._begin(at, 0, 0, 0);
  }
}
