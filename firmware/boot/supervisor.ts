import { freePages, storage } from "sertao:build";
import { ErrorCode } from "../../lib/core/error-code.js";
import { openTrial } from "../../lib/update/open-trial.js";
import { type SlotFacts, slotFacts, SUPERVISOR_VERSION } from "../../lib/update/slot-facts.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { ProvisioningTrial } from "../../lib/update/provisioning-trial.js";
import { supervise } from "../../lib/update/supervise.js";
import { ASK_AGAIN, handedBack, handOn, RESTART, runLater, say, textOf } from "../platform/espruino/boot.js";
import { EspruinoFiles } from "../platform/espruino/files.js";
import { EspruinoFlash } from "../platform/espruino/flash.js";
import { EspruinoPower } from "../platform/espruino/power.js";

// `.boot0`: runs before everything, at every boot, whatever button is held, and again where the loader could not run what
// it chose. All it leaves is the text to run and what the application must know, which the loader takes away.

/** A device that fails at once restarts no faster than this, so that its console can be reached. */
const PAUSE_MS = 10000;
/** An update that makes no inference for so long is none. */
const DAY_MS = 86400000;

const files = new EspruinoFiles(storage);
const again = handedBack();
let image = { name: "app.a", bytes: 0 };
let facts: SlotFacts | undefined;
let restarts = false;
try {
  const trial = openTrial(new EspruinoFlash(freePages), files);
  if (trial) {
    if (again === undefined) {
      image = supervise(trial, files, new EspruinoPower().resetReason());
      // Asked here, because what it asks about may not run.
      if (trial.isOpen) runLater(ASK_AGAIN, DAY_MS);
      const isOverruled = trial.slots.activeBytes(UpdateKind.CONFIG) > 0;
      facts = slotFacts(trial, new ProvisioningTrial(isOverruled, trial.settings, files), SUPERVISOR_VERSION);
    } else {
      restarts = trial.isUnproven();
      if (typeof again !== "number") trial.crashed();
      else if (restarts) trial.rollBack(ErrorCode.UPDATE_IDLE);
    }
    if (trial.isLost) say("sertao: update taken back");
  }
} catch (error) {
  say("sertao: settings: " + ((error as Error).message || error));
}
if (again === undefined) handOn(textOf(image.name, image.bytes) || textOf("app.b", 0), facts);
else {
  if (typeof again === "object") say("sertao: cannot run: " + again[0] + " " + ((again[0] && again[0].stack) || ""));
  if (restarts) runLater(RESTART, PAUSE_MS);
}
