/// <reference path="../platform/espruino/buses/globals.d.ts" />
import { freePages, storage } from "sertao:build";
import { ErrorCode } from "../../lib/core/error-code.js";
import { openTrial } from "../../lib/update/open-trial.js";
import { supervise } from "../../lib/update/supervise.js";
import { EspruinoFiles } from "../platform/espruino/files.js";
import { EspruinoFlash } from "../platform/espruino/flash.js";
import { EspruinoPower } from "../platform/espruino/power.js";

// `.boot0`: runs before everything, at every boot, whatever button is held, and again where the loader could not run what
// it chose. All it leaves is `sertaoBoot`, the text to run, which the loader takes away.

/** A device that fails at once restarts no faster than this, so that its console can be reached. */
const PAUSE_MS = 10000;
/** An update that makes no inference for so long is none. */
const DAY_MS = 86400000;
const ASK_AGAIN = 'global.sertaoBoot=1;eval(require("Storage").read(".boot0"));delete global.sertaoBoot';

const root = global as unknown as BootGlobals;
const files = new EspruinoFiles(storage);
const again = root.sertaoBoot;
let image = { name: "app.a", bytes: 0 };
let restarts = false;
try {
  const trial = openTrial(new EspruinoFlash(freePages), files);
  if (trial) {
    if (again === undefined) {
      image = supervise(trial, files, new EspruinoPower().resetReason());
      // As text: a function would keep all of this in memory. It is asked here, because what it asks about may not run.
      if (trial.isOpen) setTimeout(ASK_AGAIN, DAY_MS);
    } else {
      restarts = trial.isUnproven();
      if (typeof again !== "number") trial.crashed();
      else if (restarts) trial.rollBack(ErrorCode.UPDATE_IDLE);
    }
    if (trial.isLost) print("sertao: update taken back");
  }
} catch (error) {
  print("sertao: settings: " + ((error as Error).message || error));
}
if (again === undefined) root.sertaoBoot = textOf(image.name, image.bytes) || textOf("app.b", 0);
else {
  if (typeof again === "object") print("sertao: cannot run: " + again[0] + " " + ((again[0] && again[0].stack) || ""));
  if (restarts) setTimeout("E.reboot()", PAUSE_MS);
}

/** The text in a slot, up to its first erased byte where its length is not known; empty where there is none. */
function textOf(name: string, bytes: number): string {
  const text = require("Storage").read(name, 0, bytes) || "";
  const end = bytes || text.indexOf("\xff");
  return end < 0 || end >= text.length ? text : require("Storage").read(name, 0, end) || "";
}
