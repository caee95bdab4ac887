import { SettingKey } from "../settings/keys.js";
import { UpdateKind } from "./manifest.js";
import { PREVIOUS_PROVISIONING_FILE, type ProvisioningTrial } from "./provisioning-trial.js";
import type { Slots } from "./slots.js";
import type { Trial } from "./trial.js";

/**
 * What an application must know of the slots at its start. The supervisor hands it on, which may be of an older release: a
 * list by place, and new places go to its end.
 */
export type SlotFacts = [
  accepted: number,
  onTrial: boolean,
  isNews: boolean,
  modelFile: string,
  modelBytes: number,
  configFile: string,
  configBytes: number,
  supervisor: string,
];

/** Of supervisor and loader, which no update reaches, as it follows the runtime's: raised with every change that a fleet must be able to tell. */
export const SUPERVISOR_VERSION = "+1";

/** Places in `SlotFacts`. */
export const enum Fact {
  /** The sequence whose offer needs no look: the greatest that was accepted. 0 while one waits for its companion. */
  ACCEPTED = 0,
  /** This boot is part of a trial. */
  ON_TRIAL = 1,
  /** A trial is open, the fleet has not been told all of one, or a new provisioning has not connected yet. */
  IS_NEWS = 2,
  /** Files that are used, and bytes of their fronts: 0 where nobody knows or there is no image. */
  MODEL_FILE = 3,
  MODEL_BYTES = 4,
  CONFIG_FILE = 5,
  CONFIG_BYTES = 6,
  /** SUPERVISOR_VERSION of what started this boot; empty where it handed nothing on. */
  SUPERVISOR = 7,
}

/**
 * Says it of a trial that has begun, or of none.
 * @param supervisor its version, or empty where it is not the supervisor that asks
 * @param provisioning where the one before has its turn, it stands in for a configuration: it is encoded alike
 */
export function slotFacts(
  { slots, settings, isOpen }: Trial,
  provisioning: ProvisioningTrial,
  supervisor: string,
): SlotFacts {
  return [
    passedOver(slots),
    isOpen,
    isOpen || provisioning.isOpen || slots.report() !== undefined || settings.get(SettingKey.UPDATE_STATES).length > 0,
    slots.activeFile(UpdateKind.MODEL),
    slots.activeBytes(UpdateKind.MODEL),
    provisioning.usesPrevious ? PREVIOUS_PROVISIONING_FILE : slots.activeFile(UpdateKind.CONFIG),
    provisioning.usesPrevious ? provisioning.previousBytes : slots.activeBytes(UpdateKind.CONFIG),
    supervisor,
  ];
}

/** The last one that was accepted is the one that runs, unless it waits for its companion. */
export function passedOver(slots: Slots): number {
  return slots.waiting(UpdateKind.MODEL) || slots.waiting(UpdateKind.APPLICATION) ? 0 : slots.accepted();
}
