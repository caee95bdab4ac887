import { readU32, writeU16, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import { ErrorCode } from "../core/error-code.js";
import type { SlotStore } from "../hal/file-store.js";
import { BootRecord, ImageAt, Phase, RecordAt, type SlotSettings, writeImage } from "./boot-record.js";
import { Field, type Manifest, UpdateKind } from "./manifest.js";

/** Kinds that have slots: model, application, configuration. */
const KINDS = 3;

/** The note of an installation over the cable (docs/updates.md, Slots). */
export const INSTALLATION_FILE = "sertao.ins";

/** Of the model and of the application: bytes and CRC-32; zeros where there is none. */
const NOTE_BYTES = 16;

/** Crashed boots that take an update back whose manifest does not say. */
const DEFAULT_CRASHES = 3;

/** What was decided about an update, for `update/state`. */
export interface Decision {
  readonly sequence: number;
  /** Of the companion that was decided with it; 0 where there was none. */
  readonly companion: number;
  /** OK where it was confirmed, else why it was rolled back. */
  readonly reason: ErrorCode;
}

/**
 * The slots of models, applications and configurations: what is active, what is confirmed, what may be written. The
 * confirmed one is never touched before the other has been confirmed in its place.
 */
export class Slots {
  readonly record: BootRecord;

  constructor(
    settings: SlotSettings,
    private readonly _files: SlotStore,
  ) {
    this.record = new BootRecord(settings);
  }

  /** The file that is used: of the update on trial, or the confirmed. */
  activeFile(kind: UpdateKind): string {
    return slotFile(kind, this.record.activeSlot(kind));
  }

  /** Sequence of the image that is used; 0 where it came over the cable. */
  activeSequence(kind: UpdateKind): number {
    return this.record.image(kind, this.record.activeSlot(kind), ImageAt.SEQUENCE);
  }

  /** Bytes of the image that is used; 0 where there is none. */
  activeBytes(kind: UpdateKind): number {
    return this.record.image(kind, this.record.activeSlot(kind), ImageAt.IMAGE_BYTES);
  }

  /**
   * The file that an update may be written into; empty where none may, because one is on trial there, or nobody knows what
   * is confirmed. One that waits for its companion is given up by being written over: `withdraw` it first.
   */
  spareFile(kind: UpdateKind): string {
    const record = this.record;
    return record.isKnown() && record.phase(kind) !== Phase.TRIAL ? slotFile(kind, 1 - record.confirmedSlot(kind)) : "";
  }

  /** Sequence of a complete update of the kind that waits for its companion; 0 where none does. */
  waiting(kind: UpdateKind): number {
    const record = this.record;
    return record.phase(kind) === Phase.WAITING
      ? record.image(kind, 1 - record.confirmedSlot(kind), ImageAt.SEQUENCE)
      : 0;
  }

  /** Gives up an update that waits for its companion. */
  withdraw(kind: UpdateKind): ErrorCode {
    if (!this.waiting(kind)) return ErrorCode.OK;
    return this.record.change((draft) => setPhase(draft, kind, Phase.NONE));
  }

  /** True while any update is on trial: no other is staged then. */
  onTrial(): boolean {
    return this.trialSequence() > 0;
  }

  /** Sequence of an update on trial, the greater one of two companions; 0 where none is. */
  trialSequence(): number {
    let sequence = 0;
    for (let kind = 0; kind < KINDS; kind++)
      if (this.record.phase(kind) === Phase.TRIAL) sequence = Math.max(sequence, this.activeSequence(kind));
    return sequence;
  }

  /** Greatest sequence that was accepted. */
  accepted(): number {
    return this.record.number(RecordAt.ACCEPTED);
  }

  /** Accepts a sequence without an image, as of a key or of the provisioning. A smaller one changes nothing. */
  accept(sequence: number): ErrorCode {
    if (sequence <= this.accepted()) return ErrorCode.OK;
    return this.record.change((draft) => writeU32(draft, RecordAt.ACCEPTED, sequence));
  }

  /** True where the update was rolled back last. Earlier ones are not above the accepted sequence anyway. */
  failed(sequence: number): boolean {
    const record = this.record;
    return (
      this._reason() !== ErrorCode.OK &&
      (sequence === record.number(RecordAt.DECIDED) || sequence === record.number(RecordAt.DECIDED + 4))
    );
  }

  /**
   * Takes an installation over the cable for what it is: the host has written slots a, and a note beside them. To be called
   * once at each boot. What was on trial or confirmed before is forgotten, but not what was accepted.
   */
  install(): ErrorCode {
    const file = this._files.read(INSTALLATION_FILE);
    if (!file || file.byteLength !== NOTE_BYTES) return ErrorCode.OK;
    const note = new Uint8Array(file);
    const name = crc32(note);
    if (this.record.isKnown() && this.record.number(RecordAt.INSTALLATION) === name) return ErrorCode.OK;
    return this.record.change((draft) => {
      writeU32(draft, RecordAt.INSTALLATION, name);
      draft.fill(0, RecordAt.ROLES, RecordAt.ROLES + KINDS);
      draft.fill(0, RecordAt.IMAGES, RecordAt.BYTES);
      for (let kind = 0; kind < KINDS - 1; kind++)
        writeImage(draft, kind, 0, 0, readU32(note, kind * 8), readU32(note, kind * 8 + 4));
    });
  }

  /**
   * The spare file holds the image that the manifest describes, every byte of it verified. From the next boot on it is on
   * trial, or, where the manifest names a companion that does not wait yet, it waits for it. Its sequence is accepted.
   * @returns OK, UPDATE_ON_TRIAL, UPDATE_IMAGE_DAMAGED, or what the settings say
   */
  stage(manifest: Manifest): ErrorCode {
    const { record } = this;
    const kind = manifest[Field.KIND];
    const name = this.spareFile(kind);
    const bytes = manifest[Field.IMAGE_BYTES];
    const sequence = manifest[Field.SEQUENCE];
    if (!name || this.onTrial()) return ErrorCode.UPDATE_ON_TRIAL;
    const crc = this._files.check(name, bytes);
    if (crc < 0) return ErrorCode.UPDATE_IMAGE_DAMAGED;
    const companion = manifest[Field.COMPANION];
    let other = -1;
    for (let k = 0; k < KINDS; k++) if (companion && k !== kind && this.waiting(k) === companion) other = k;
    // From here on the cable's note no longer says what is installed: the next upload is one, whatever it brings.
    this._files.erase(INSTALLATION_FILE);
    return record.change((draft) => {
      writeImage(draft, kind, 1 - record.confirmedSlot(kind), sequence, bytes, crc);
      if (sequence > this.accepted()) writeU32(draft, RecordAt.ACCEPTED, sequence);
      writeU32(draft, RecordAt.INSTALLATION, 0);
      writeRules(draft, manifest, other >= 0);
      setPhase(draft, kind, companion && other < 0 ? Phase.WAITING : Phase.TRIAL);
      if (other >= 0) setPhase(draft, other, Phase.TRIAL);
    });
  }

  /** What is on trial becomes the confirmed, all of it at once. */
  confirm(): ErrorCode {
    return this._decide(ErrorCode.OK);
  }

  /** What is on trial is given up for the confirmed, all of it at once. It takes a restart to run that. */
  rollBack(reason: ErrorCode): ErrorCode {
    return this._decide(reason);
  }

  /** The last decision, until `reported`; undefined where there is none to tell. */
  report(): Decision | undefined {
    const record = this.record;
    if (!record._bytes[RecordAt.UNREPORTED]) return undefined;
    return {
      sequence: record.number(RecordAt.DECIDED),
      companion: record.number(RecordAt.DECIDED + 4),
      reason: this._reason(),
    };
  }

  /** The fleet has been told. */
  reported(): ErrorCode {
    return this.record.change((draft) => {
      draft[RecordAt.UNREPORTED] = 0;
    });
  }

  private _reason(): ErrorCode {
    return this.record.number(RecordAt.REASON) & 65535;
  }

  private _decide(reason: ErrorCode): ErrorCode {
    const record = this.record;
    if (!this.onTrial()) return ErrorCode.OK;
    return record.change((draft) => {
      let at: number = RecordAt.DECIDED;
      writeU32(draft, at + 4, 0);
      for (let kind = 0; kind < KINDS; kind++)
        if (record.phase(kind) === Phase.TRIAL) {
          writeU32(draft, at, this.activeSequence(kind));
          at += 4;
          draft[RecordAt.ROLES + kind] = reason ? record.confirmedSlot(kind) : record.activeSlot(kind);
        }
      writeU16(draft, RecordAt.REASON, reason);
      draft[RecordAt.UNREPORTED] = 1;
    });
  }
}

/** Storage file of a slot: `model.a`, `app.b`, `config.a`. */
export function slotFile(kind: UpdateKind, slot: number): string {
  return (
    (kind === UpdateKind.MODEL ? "model" : kind === UpdateKind.APPLICATION ? "app" : "config") + (slot ? ".b" : ".a")
  );
}

/** The note that the host leaves with an installation. @returns contents of INSTALLATION_FILE */
export function installationNote(application: Uint8Array, model: Uint8Array | undefined): Uint8Array {
  const note = new Uint8Array(NOTE_BYTES);
  if (model) {
    writeU32(note, 0, model.length);
    writeU32(note, 4, crc32(model));
  }
  writeU32(note, 8, application.length);
  writeU32(note, 12, crc32(application));
  return note;
}

function setPhase(draft: Uint8Array, kind: number, phase: Phase): void {
  draft[RecordAt.ROLES + kind] = (draft[RecordAt.ROLES + kind]! & 1) | phase;
}

/** Rules of a trial; of two companions the stricter ones. */
function writeRules(draft: Uint8Array, manifest: Manifest, isSecond: boolean): void {
  const crashes = draft[RecordAt.TRIAL_CRASHES]!;
  const wanted = Math.min(manifest[Field.TRIAL_CRASHES] || DEFAULT_CRASHES, 255);
  draft[RecordAt.TRIAL_CRASHES] = isSecond ? Math.min(crashes, wanted) : wanted;
  writeStricter(draft, RecordAt.TRIAL_INFERENCES, manifest[Field.TRIAL_INFERENCES], isSecond, true);
  writeStricter(draft, RecordAt.TRIAL_FREE_BYTES, manifest[Field.TRIAL_FREE_BYTES], isSecond, true);
  writeStricter(draft, RecordAt.TRIAL_INFERENCE_MS, manifest[Field.TRIAL_INFERENCE_MS], isSecond, false);
}

function writeStricter(draft: Uint8Array, at: number, wanted: number, isSecond: boolean, more: boolean): void {
  const first = isSecond ? readU32(draft, at) : 0;
  // 0 is no rule.
  writeU32(draft, at, first && wanted ? (more ? Math.max(first, wanted) : Math.min(first, wanted)) : first || wanted);
}
