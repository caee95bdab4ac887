import { ErrorCode } from "../core/error-code.js";
import type { SlotStore } from "../hal/file-store.js";
import type { ResetReason } from "../hal/power.js";
import { ImageAt } from "./boot-record.js";
import { UpdateKind } from "./manifest.js";
import { slotFile, type Slots } from "./slots.js";
import type { Trial } from "./trial.js";

/** What is to run: the first bytes of a slot. */
export interface BootImage {
  readonly name: string;
  /** 0 where nobody knows: up to the first erased byte then. */
  readonly bytes: number;
}

/**
 * Decides what this boot runs: counts it where an update is on trial, looks whether the images are what was verified, and
 * falls back where not.
 */
export function supervise(trial: Trial, files: SlotStore, reason: ResetReason): BootImage {
  trial.begin(reason);
  const slots = trial.slots;
  const record = slots.record;
  for (let kind: number = UpdateKind.MODEL; kind <= UpdateKind.CONFIG; kind++)
    if (slots.onTrial() && !isWhole(slots, files, kind, record.activeSlot(kind)))
      trial.rollBack(ErrorCode.UPDATE_IMAGE_DAMAGED);
  let slot = record.activeSlot(UpdateKind.APPLICATION);
  // What was confirmed has rotted: what was there before it is better than nothing.
  if (record.isKnown() && !isWhole(slots, files, UpdateKind.APPLICATION, slot)) {
    const has = record.image(UpdateKind.APPLICATION, 1 - slot, ImageAt.IMAGE_BYTES);
    if (has && isWhole(slots, files, UpdateKind.APPLICATION, 1 - slot)) slot = 1 - slot;
  }
  return {
    name: slotFile(UpdateKind.APPLICATION, slot),
    bytes: record.image(UpdateKind.APPLICATION, slot, ImageAt.IMAGE_BYTES),
  };
}

/** True where a slot holds its image, or is to hold none. */
function isWhole({ record }: Slots, files: SlotStore, kind: UpdateKind, slot: number): boolean {
  const bytes = record.image(kind, slot, ImageAt.IMAGE_BYTES);
  return !bytes || files.check(slotFile(kind, slot), bytes) === record.image(kind, slot, ImageAt.CRC);
}
