import { ErrorCode } from "../core/error-code.js";
import { readU32 } from "../core/bytes.js";
import type { Platform } from "../hal/platform.js";
import type { SlotSettings } from "../update/boot-record.js";
import { KEEPER_LINK_VERSION, LentAt, Told, type LentDevice, type TellKeeper } from "../update/keeper-link.js";
import { PREVIOUS_PROVISIONING_FILE, PROVISIONING_LIMIT, ProvisioningTrial } from "../update/provisioning-trial.js";
import type { SlotFacts } from "../update/slot-facts.js";
import { MODEL_FILE } from "./plain-files.js";

/** Says which of two provisionings has its turn. */
export const TURN_FILE = "sertao.trn";
/** How often it is asked whether there is a network. */
const LOOK_MS = 30000;

/**
 * The keeper of a board without slots: while a new provisioning has not connected yet, it and the one before take turns.
 * @returns undefined where there is nothing to keep
 */
export function keepProvisioning(platform: Platform, lent: LentDevice): TellKeeper | undefined {
  const trial = new ProvisioningTrial(false, turnsIn(platform), platform.files);
  if (lent[LentAt.VERSION] !== KEEPER_LINK_VERSION || !trial.isOpen) return undefined;
  const failed = (): void => {
    if (!trial.failed()) return;
    platform.log("sertao: trying the other provisioning");
    platform.power.restart();
  };
  // Without a network no attempt to connect is made, and none fails: somebody must ask.
  const look = (): void => {
    if (!trial.isOpen) return;
    if (lent[LentAt.IS_OFFLINE]()) failed();
    platform.clock.after(LOOK_MS, look);
  };
  platform.clock.after(LOOK_MS, look);
  return (what) => {
    if (what === Told.FACTS && trial.usesPrevious)
      return [0, false, false, MODEL_FILE, 0, PREVIOUS_PROVISIONING_FILE, trial.previousBytes, ""] as SlotFacts;
    if (what === Told.CLOSED) failed();
    else if (what === Told.CONNECTED) {
      if (trial.usesPrevious) lent[LentAt.NOTE_ERROR](ErrorCode.PROVISIONING_FAILED);
      trial.connected();
      lent[LentAt.CLOSE](0);
    }
    return undefined;
  };
}

/** Failures in memory; in a file only when the turn changes, because a board without slots has no better place. */
function turnsIn({ files }: Platform): SlotSettings {
  const file = files.read(TURN_FILE);
  let counts = file ? new Uint8Array(file) : new Uint8Array(0);
  return {
    get: () => counts,
    set: (_key, value) => {
      counts = new Uint8Array(value);
      // After its CRC-32 comes how often it has failed.
      if (readU32(value, 4) % PROVISIONING_LIMIT === 0) files.write(TURN_FILE, counts);
      return ErrorCode.OK;
    },
  };
}
