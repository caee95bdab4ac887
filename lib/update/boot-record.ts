import { copyOf, readU32, writeU32 } from "../core/bytes.js";
import type { ErrorCode } from "../core/error-code.js";
import { SettingKey } from "../settings/keys.js";
import type { Settings } from "../settings/settings.js";

/** Places in the boot record (docs/updates.md). Numbers are the format of the flash. */
export const enum RecordAt {
  /** 0 where there is no record. */
  VERSION = 0,
  /** Of each kind: its confirmed slot in bit 0, its Phase above. */
  ROLES = 1,
  ACCEPTED = 4,
  /** The update that was decided last, and the companion that was decided with it. */
  DECIDED = 8,
  /** Why that was rolled back; 0 where it was confirmed. */
  REASON = 16,
  /** 1 while nobody has been told. */
  UNREPORTED = 18,
  /** Rules of the trial (manifest, keys 18 to 21). */
  TRIAL_CRASHES = 19,
  TRIAL_INFERENCES = 20,
  TRIAL_FREE_BYTES = 24,
  TRIAL_INFERENCE_MS = 28,
  /** CRC-32 of the note of the installation that slots a came with. */
  INSTALLATION = 32,
  /** Of each kind and slot: sequence, bytes, CRC-32. */
  IMAGES = 36,
  BYTES = 108,
}

export const enum ImageAt {
  SEQUENCE = 0,
  IMAGE_BYTES = 4,
  CRC = 8,
  BYTES = 12,
}

/** What becomes of the slot that is not confirmed. */
export const enum Phase {
  /** Nothing: it may be written. */
  NONE = 0,
  /** Complete; becomes active together with its companion. */
  WAITING = 2,
  /** Active, and on trial. */
  TRIAL = 4,
}

/** What slots and trial need of the settings. */
export type SlotSettings = Pick<Settings, "get" | "set">;

const RECORD_VERSION = 1;
const PHASES = 6;

/** Which slots are what, in one value of the settings: whatever changes together is changed by one write. */
export class BootRecord {
  _bytes: Uint8Array;

  constructor(private readonly _settings: SlotSettings) {
    const stored = _settings.get(SettingKey.BOOT_RECORD);
    const isKnown = stored.length === RecordAt.BYTES && stored[RecordAt.VERSION] === RECORD_VERSION;
    this._bytes = isKnown ? stored : new Uint8Array(RecordAt.BYTES);
  }

  /** False where the settings have none: the device was just installed, or lost them. */
  isKnown(): boolean {
    return this._bytes[RecordAt.VERSION] === RECORD_VERSION;
  }

  /** An unsigned number of the record. */
  number(at: number): number {
    return readU32(this._bytes, at);
  }

  confirmedSlot(kind: number): number {
    return this._bytes[RecordAt.ROLES + kind]! & 1;
  }

  phase(kind: number): Phase {
    return this._bytes[RecordAt.ROLES + kind]! & PHASES;
  }

  /** The slot that is used: the one on trial, or the confirmed. */
  activeSlot(kind: number): number {
    return this.confirmedSlot(kind) ^ +(this.phase(kind) === Phase.TRIAL);
  }

  /** A number of an image. */
  image(kind: number, slot: number, field: ImageAt): number {
    return this.number(imageAt(kind, slot) + field);
  }

  /** Changes a copy and writes it whole. Other than OK leaves the record as it was. */
  change(edit: (draft: Uint8Array) => void): ErrorCode {
    const draft = copyOf(this._bytes, 0, RecordAt.BYTES);
    draft[RecordAt.VERSION] = RECORD_VERSION;
    edit(draft);
    const status = this._settings.set(SettingKey.BOOT_RECORD, draft);
    if (!status) this._bytes = draft;
    return status;
  }
}

/** Where an image begins in the record. */
export function imageAt(kind: number, slot: number): number {
  return RecordAt.IMAGES + (kind * 2 + slot) * ImageAt.BYTES;
}

/** Writes an image's numbers into a draft. */
export function writeImage(
  draft: Uint8Array,
  kind: number,
  slot: number,
  sequence: number,
  bytes: number,
  crc: number,
): void {
  const at = imageAt(kind, slot);
  writeU32(draft, at + ImageAt.SEQUENCE, sequence);
  writeU32(draft, at + ImageAt.IMAGE_BYTES, bytes);
  writeU32(draft, at + ImageAt.CRC, crc);
}
