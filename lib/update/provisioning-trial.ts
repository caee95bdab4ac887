import { readU32, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import type { FileStore } from "../hal/file-store.js";
import { SettingKey } from "../settings/keys.js";
import type { SlotSettings } from "./boot-record.js";
import { PROVISIONING_FILE } from "./update-keys.js";

/** What the host leaves beside a new provisioning: the last one that worked. */
export const PREVIOUS_PROVISIONING_FILE = "sertao.old";

/**
 * Failures before the other provisioning is tried. A device that stays awake counts forty in about a quarter of an hour, and
 * has been healthy by then (lib/app/boot-health.ts): restarting for this is no bad boot.
 */
export const PROVISIONING_LIMIT = 40;

const BYTES = 8;

/**
 * A new provisioning until it has connected once. It and the one before take turns, so that an outage of any length locks
 * nobody out: neither is lost before one is known to work.
 */
export class ProvisioningTrial {
  /** False where there is none to fall back on, or the device is connected. */
  isOpen: boolean;
  /** True where this boot uses the one before. */
  readonly usesPrevious: boolean;
  /** Of the one before. */
  readonly previousBytes: number;
  /** CRC-32 of the new one, and failures since it came. */
  private readonly _counts = new Uint8Array(BYTES);

  /** @param isOverruled a configuration has come over the air, and says how to connect */
  constructor(
    isOverruled: boolean,
    private readonly _settings: SlotSettings,
    private readonly _files: FileStore,
  ) {
    const previous = _files.read(PREVIOUS_PROVISIONING_FILE);
    const file = previous && _files.read(PROVISIONING_FILE);
    this.isOpen = !isOverruled && file !== undefined;
    this.previousBytes = previous ? previous.byteLength : 0;
    if (file) writeU32(this._counts, 0, crc32(new Uint8Array(file)));
    const stored = _settings.get(SettingKey.PROVISIONING_TRIAL);
    if (stored.length === BYTES && readU32(stored, 0) === readU32(this._counts, 0)) this._counts.set(stored);
    this.usesPrevious = this.isOpen && ((this._failures() / PROVISIONING_LIMIT) & 1) === 1;
  }

  /** The broker has accepted the device: what it did so with is what it has from now on. */
  connected(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.usesPrevious) this._count(PROVISIONING_LIMIT);
    else this._files.erase(PREVIOUS_PROVISIONING_FILE);
  }

  /** An attempt to connect has failed, or there was no network for one. @returns true where the other's turn has come */
  failed(): boolean {
    if (!this.isOpen) return false;
    this._count(this._failures() + 1);
    return this._failures() % PROVISIONING_LIMIT === 0;
  }

  private _failures(): number {
    return readU32(this._counts, 4);
  }

  private _count(failures: number): void {
    writeU32(this._counts, 4, failures);
    this._settings.set(SettingKey.PROVISIONING_TRIAL, this._counts);
  }
}
