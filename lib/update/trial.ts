import { copyOf, readU32, writeU32 } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import { ResetReason } from "../hal/power.js";
import { SettingKey } from "../settings/keys.js";
import { Phase, RecordAt, type SlotSettings } from "./boot-record.js";
import { UpdateKind } from "./manifest.js";
import type { Slots } from "./slots.js";

/** Boots in a row that ended before they were healthy, and nobody knows why: a watchdog is as likely as a cable. */
export const SILENT_LIMIT = 8;
/** Attempts to connect that fail in a row. */
export const OFFLINE_LIMIT = 20;

/** Places in the counters. Numbers are the format of the flash. */
const enum At {
  /** Of the update they belong to. */
  SEQUENCE = 0,
  /** 1 from the start of a boot until it is healthy, sleeps, or has told of its crash. */
  OPEN = 4,
  CRASHES = 5,
  SILENT = 6,
  /** 1 once the device was connected, and 2 once it has delivered a result. */
  ONLINE = 7,
  INFERENCES = 8,
  OFFLINE = 12,
  BYTES = 16,
}

const CONNECTED = 1;
const DELIVERED = 2;

/**
 * The trial that this boot is part of, if it is: counts what speaks for and against the update, and decides. What it
 * counts lasts over boots. Nothing is written without a trial.
 */
export class Trial {
  /** False where nothing is on trial, or no longer. */
  isOpen: boolean;
  /** True once it was rolled back: another image is to be run. */
  isLost = false;
  private readonly _counts: Uint8Array;
  private _waiting = 0;
  private _isOnline = false;

  /** @param slots as they were when this boot began: an update that is staged later is tried by the next one */
  constructor(
    readonly slots: Slots,
    readonly settings: SlotSettings,
  ) {
    const sequence = slots.trialSequence();
    const stored = settings.get(SettingKey.TRIAL);
    this.isOpen = sequence > 0;
    const isKnown = stored.length === At.BYTES && readU32(stored, At.SEQUENCE) === sequence;
    this._counts = isKnown ? copyOf(stored, 0, At.BYTES) : new Uint8Array(At.BYTES);
    writeU32(this._counts, At.SEQUENCE, sequence);
  }

  /** Counts this boot: what ended the one before without a word? To be called once, before the application runs. */
  begin(reason: ResetReason): void {
    if (!this.isOpen) return;
    const counts = this._counts;
    if (counts[At.OPEN])
      if (reason === ResetReason.WATCHDOG) counts[At.CRASHES]!++;
      else if (reason === ResetReason.UNKNOWN || reason === ResetReason.SOFTWARE) counts[At.SILENT]!++;
    counts[At.OPEN] = 1;
    this._judgeCrashes();
  }

  /** The boot ends by an exception that nothing caught. */
  crashed(): void {
    if (!this.isOpen) return;
    this._counts[At.CRASHES]!++;
    this._counts[At.OPEN] = 0;
    this._judgeCrashes();
  }

  /** The device goes to sleep, or restarts because it wants to. */
  sleeping(): void {
    if (!this.isOpen || !this._counts[At.OPEN]) return;
    this._counts[At.OPEN] = 0;
    this._save();
  }

  /** True until the first inference of this boot, a crash or a sleep. */
  isUnproven(): boolean {
    return this.isOpen && this._counts[At.OPEN] === 1;
  }

  /**
   * An inference was made.
   * @param durationMs what it took
   * @param freeBytes memory that is left; 0 where nobody knows
   * @param waiting records in the outbox
   */
  inferred(durationMs: number, freeBytes: number, waiting: number): void {
    if (!this.isOpen) return;
    const record = this.slots.record;
    const counts = this._counts;
    const mostMs = record.number(RecordAt.TRIAL_INFERENCE_MS);
    if (freeBytes && freeBytes < record.number(RecordAt.TRIAL_FREE_BYTES)) this.rollBack(ErrorCode.UPDATE_MEMORY_LOW);
    else if (mostMs && durationMs > mostMs) this.rollBack(ErrorCode.UPDATE_SLOW);
    else {
      writeU32(counts, At.INFERENCES, readU32(counts, At.INFERENCES) + 1);
      counts[At.OPEN] = counts[At.SILENT] = 0;
      this._look(waiting);
    }
  }

  /** True until the device was connected with what is on trial. */
  isNews(): boolean {
    return this.isOpen && !this._counts[At.ONLINE];
  }

  /** The broker has accepted the device. */
  connected(waiting: number): void {
    this._isOnline = true;
    if (!this.isOpen) return;
    this._waiting = waiting;
    this._counts[At.ONLINE]! |= CONNECTED;
    this._look(waiting);
  }

  /** The broker has a message: perhaps one of results. */
  delivered(waiting: number): void {
    if (this.isOpen && waiting < this._waiting) {
      this._counts[At.ONLINE]! |= DELIVERED;
      this._counts[At.OFFLINE] = 0;
      this._look(waiting);
    }
    this._waiting = waiting;
  }

  /** A connection has ended, or was none. */
  closed(waiting: number, hasNetwork: boolean): void {
    if (!this._isOnline || waiting) this.offline(hasNetwork);
    this._isOnline = false;
  }

  /**
   * An attempt to connect has failed, or a connection has ended without a result delivered that waited. It speaks against
   * what could have changed it: never against a model, and without a network against a configuration alone.
   */
  offline(hasNetwork: boolean): void {
    const counts = this._counts;
    const isConfig = this._isTried(UpdateKind.CONFIG);
    if (!this.isOpen || counts[At.ONLINE]! & DELIVERED) return;
    if (!isConfig && !(hasNetwork && this._isTried(UpdateKind.APPLICATION))) return;
    if (counts[At.OFFLINE]! + 1 >= OFFLINE_LIMIT)
      this.rollBack(counts[At.ONLINE] ? ErrorCode.UPDATE_OUTBOX_STUCK : ErrorCode.UPDATE_OFFLINE);
    else {
      counts[At.OFFLINE]!++;
      this._save();
    }
  }

  /** Gives the update up for the confirmed one, which the next boot runs. */
  rollBack(reason: ErrorCode): void {
    if (!this.isOpen || this.slots.rollBack(reason)) return;
    this.isOpen = false;
    this.isLost = true;
  }

  /** Confirms where all is seen that must be, and keeps the counts. */
  private _look(waiting: number): void {
    const counts = this._counts;
    const online = counts[At.ONLINE]!;
    const isConfig = this._isTried(UpdateKind.CONFIG);
    const isApplication = this._isTried(UpdateKind.APPLICATION);
    const wanted = Math.max(1, this.slots.record.number(RecordAt.TRIAL_INFERENCES));
    const isProven =
      (isConfig || readU32(counts, At.INFERENCES) >= wanted) &&
      (online || !(isConfig || isApplication)) &&
      (!isApplication || online & DELIVERED || !waiting);
    if (!isProven) this._save();
    else if (!this.slots.confirm()) this.isOpen = false;
  }

  private _judgeCrashes(): void {
    const counts = this._counts;
    if (counts[At.CRASHES]! >= this.slots.record._bytes[RecordAt.TRIAL_CRASHES]!)
      this.rollBack(ErrorCode.UPDATE_CRASHED);
    else if (counts[At.SILENT]! >= SILENT_LIMIT) this.rollBack(ErrorCode.UPDATE_SILENT);
    else this._save();
  }

  private _isTried(kind: UpdateKind): boolean {
    return this.slots.record.phase(kind) === Phase.TRIAL;
  }

  private _save(): void {
    this.settings.set(SettingKey.TRIAL, this._counts);
  }
}
