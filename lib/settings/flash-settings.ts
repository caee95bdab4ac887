import { copyBytes, equalBytes, readU32, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { FlashRegion } from "../hal/flash-region.js";
import type { SettingKey } from "./keys.js";
import { KEY_LIMIT } from "./keys.js";
import type { Settings } from "./settings.js";
import { MAX_SETTING_BYTES } from "./settings.js";

// Format: docs/outbox.md, "Settings".
const MAGIC = 0x31533753;
const PAGE_HEAD = 12;
const RECORD_HEAD = 8;
const BUFFER_BYTES = 256;

/** Settings as a log over two pages of flash; when a page is full, what lives moves to the other one. */
class FlashSettings implements Settings {
  formatted = false;
  /** Offset in the page of each key's newest record, and the length of its value: 0 where it has none. */
  private readonly _offsets = new Uint16Array(KEY_LIMIT);
  private readonly _lengths = new Uint8Array(KEY_LIMIT);
  private readonly _buffer = new Uint8Array(BUFFER_BYTES);
  private _page = 0;
  private _generation = 0;
  private _end = 0;
  /** True where the page's free part is not clean: the next write goes to the other page. */
  private _sealed = false;
  private _damaged = false;

  constructor(private readonly _region: FlashRegion) {
    const first = this._pageGeneration(0);
    const second = this._pageGeneration(1);
    this._page = second > first ? 1 : 0;
    this._generation = second > first ? second : first;
    if (this._generation === 0) {
      this.formatted = true;
      this._page = 1;
      this._compact(0, this._buffer, 0);
    } else if (!this._scan(false)) {
      this._lengths.fill(0);
      this._sealed = true;
      this._scan(true);
    }
  }

  get(key: SettingKey): Uint8Array | undefined {
    if (this._lengths[key] === 0) return undefined;
    const value = new Uint8Array(this._lengths[key]!);
    this._read(this._offsets[key]!, RECORD_HEAD + value.length);
    copyBytes(this._buffer, RECORD_HEAD, value, 0, value.length);
    return value;
  }

  getNumber(key: SettingKey, fallback: number): number {
    const bytes = this.get(key);
    return bytes !== undefined && bytes.length === 4 ? readU32(bytes, 0) : fallback;
  }

  set(key: SettingKey, value: Uint8Array): ErrorCode {
    const length = value.length;
    if (length === 0 || length > MAX_SETTING_BYTES) return ErrorCode.SETTINGS_FULL;
    if (this._lengths[key] === length) {
      this._read(this._offsets[key]!, RECORD_HEAD + length);
      if (equalBytes(this._buffer, RECORD_HEAD, value, 0, length)) return ErrorCode.OK;
    }
    let live = PAGE_HEAD + recordBytes(length);
    for (let k = 0; k < KEY_LIMIT; k++) {
      if (k !== key && this._lengths[k] !== 0) live += recordBytes(this._lengths[k]!);
    }
    if (live > this._region.pageBytes) return ErrorCode.SETTINGS_FULL;
    return this._put(key, value, length);
  }

  setNumber(key: SettingKey, value: number): ErrorCode {
    const bytes = new Uint8Array(4);
    writeU32(bytes, 0, value);
    return this.set(key, bytes);
  }

  remove(key: SettingKey): ErrorCode {
    return this._lengths[key] === 0 ? ErrorCode.OK : this._put(key, this._buffer, 0);
  }

  takeError(): ErrorCode {
    const damaged = this._damaged;
    this._damaged = false;
    return damaged ? ErrorCode.SETTINGS_DAMAGED : ErrorCode.OK;
  }

  /** Generation of a page with a whole head; 0 where it has none. */
  private _pageGeneration(page: number): number {
    const head = this._buffer;
    this._region.read(page * this._region.pageBytes, head, PAGE_HEAD);
    if (readU32(head, 0) === MAGIC && readU32(head, 8) === crc32(head, 0, 8, 0)) return readU32(head, 4);
    // A move that power cut short leaves the head blank, because the head is written last.
    if (!isBlank(head, 0, PAGE_HEAD)) this._damaged = true;
    return 0;
  }

  /**
   * Finds the newest record of each key and the end of the log. The quick pass (`careful` false) walks over the
   * heads and checks only the records that count; it gives up with false where anything is odd. The careful pass
   * checks every record, and searches on from word to word after one that is not whole.
   */
  private _scan(careful: boolean): boolean {
    const pageBytes = this._region.pageBytes;
    const buffer = this._buffer;
    let at = PAGE_HEAD;
    let loaded = 0;
    let limit = 0;
    while (at + RECORD_HEAD <= pageBytes) {
      if (at + RECORD_HEAD > limit || careful) {
        loaded = at;
        limit = Math.min(at + BUFFER_BYTES, pageBytes);
        this._read(at, limit - at);
      }
      const key = buffer[at - loaded]!;
      const length = buffer[at - loaded + 1]!;
      const next = at + recordBytes(length);
      const whole =
        (key ^ 0xa5) === buffer[at - loaded + 2] && (length ^ 0x5a) === buffer[at - loaded + 3] && key < KEY_LIMIT;
      if (whole && length <= MAX_SETTING_BYTES && next <= pageBytes && (!careful || isIntact(buffer))) {
        this._offsets[key] = at;
        this._lengths[key] = length;
        at = next;
      } else if (careful) {
        const blank = isBlank(buffer, 0, limit - at);
        if (!blank) this._damaged = true;
        at += blank ? limit - at : 4;
      } else {
        // What an interrupted write may have touched must be blank, or the next record would be written over it.
        this._read(at, (limit = Math.min(BUFFER_BYTES, pageBytes - at)));
        if (!isBlank(buffer, 0, limit)) return false;
        break;
      }
    }
    this._end = at;
    if (careful) return true;
    for (let key = 0; key < KEY_LIMIT; key++) {
      // A removal is a record of length 0, and counts as much as any other.
      if (this._offsets[key] === 0) continue;
      this._read(this._offsets[key]!, RECORD_HEAD + this._lengths[key]!);
      if (!isIntact(buffer)) return false;
    }
    return true;
  }

  private _put(key: SettingKey, value: Uint8Array, length: number): ErrorCode {
    const size = recordBytes(length);
    try {
      if (this._sealed || this._end + size > this._region.pageBytes) {
        this._compact(key, value, length);
      } else {
        this._sealed = true;
        this._append(this._page, this._end, key, value, length);
        this._sealed = false;
        this._offsets[key] = this._end;
        this._lengths[key] = length;
        this._end += size;
      }
    } catch (error) {
      if (error instanceof DeviceError) return error.code;
      throw error;
    }
    return ErrorCode.OK;
  }

  /** Moves what lives to the other page, with the new value of `key`. The head, written last, makes it count. */
  private _compact(key: number, value: Uint8Array, length: number): void {
    const region = this._region;
    const page = 1 - this._page;
    const start = page * region.pageBytes;
    const moved = new Uint16Array(KEY_LIMIT);
    let at = PAGE_HEAD;
    this._sealed = true;
    region.erasePage(page);
    for (let k = 0; k < KEY_LIMIT; k++) {
      if (this._lengths[k] === 0 || k === key) continue;
      const size = recordBytes(this._lengths[k]!);
      this._read(this._offsets[k]!, size);
      region.write(start + at, this._buffer, size);
      moved[k] = at;
      at += size;
    }
    if (length > 0) {
      this._append(page, at, key, value, length);
      moved[key] = at;
      at += recordBytes(length);
    }
    const head = this._buffer;
    writeU32(head, 0, MAGIC);
    writeU32(head, 4, this._generation + 1);
    writeU32(head, 8, crc32(head, 0, 8, 0));
    region.write(start, head, PAGE_HEAD);
    this._generation++;
    this._page = page;
    this._end = at;
    this._sealed = false;
    this._lengths[key] = length;
    this._offsets.set(moved);
  }

  private _append(page: number, at: number, key: number, value: Uint8Array, length: number): void {
    const record = this._buffer;
    const size = recordBytes(length);
    for (let i = size - 4; i < size; i++) record[i] = 0xff;
    for (let i = 0; i < length; i++) record[RECORD_HEAD + i] = value[i]!;
    record[0] = key;
    record[1] = length;
    record[2] = key ^ 0xa5;
    record[3] = length ^ 0x5a;
    writeU32(record, 4, recordCheck(record));
    this._region.write(page * this._region.pageBytes + at, record, size);
  }

  private _read(offset: number, count: number): void {
    this._region.read(this._page * this._region.pageBytes + offset, this._buffer, count);
  }
}

/** Head and value, rounded up to whole words. */
function recordBytes(length: number): number {
  return (RECORD_HEAD + length + 3) & ~3;
}

function recordCheck(record: Uint8Array): number {
  return crc32(record, RECORD_HEAD, RECORD_HEAD + record[1]!, crc32(record, 0, 4, 0));
}

function isIntact(record: Uint8Array): boolean {
  return readU32(record, 4) === recordCheck(record);
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0xff) return false;
  return true;
}

/**
 * Opens the settings in the first two pages of a region, or makes an empty store where there is none.
 * @throws DeviceError FLASH_WRITE_FAILED where the flash refuses to be formatted, or does not suit: pages of at most
 *   64 KB and units of at most 4 bytes are needed
 */
export function openSettings(region: FlashRegion): Settings {
  if (region.pageCount < 2 || region.writeUnitBytes > 4 || region.pageBytes > 65536) {
    throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, region.writeUnitBytes);
  }
  return new FlashSettings(region);
}
