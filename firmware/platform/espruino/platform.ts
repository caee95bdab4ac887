import { storage } from "sertao:build";
import type { Platform } from "../../../lib/hal/platform.js";
import { EspruinoClock } from "./clock.js";
import { espruinoDigest } from "./digest.js";
import { EspruinoFiles } from "./files.js";
import { EspruinoFlash } from "./flash.js";
import { espruinoNative } from "./native.js";
import { EspruinoPower } from "./power.js";
import { espruinoRadio } from "./radio.js";
import { EspruinoTransport } from "./transport.js";
import { espruinoWatchdog } from "./watchdog.js";

/** The engine counts from 1970 at power-on: a time of this century has been set. */
const CALENDAR_SEC = 1e9;

/** Espruino as a platform: the only folder that names this engine's globals. */
export const platform: Platform = {
  clock: new EspruinoClock(),
  files: new EspruinoFiles(storage),
  transport: new EspruinoTransport(),
  power: new EspruinoPower(),
  watchdog: espruinoWatchdog,
  readings: {
    read: (channel) => (typeof sertaoReading === "undefined" ? NaN : sertaoReading(channel)),
  },
  native: espruinoNative,
  radio: espruinoRadio,
  flash: (pages) => new EspruinoFlash(pages),
  digest: espruinoDigest(),
  wallClockSec: () => (getTime() > CALENDAR_SEC ? Math.floor(getTime()) : 0),
  // Anything can be thrown; an Error has a stack besides.
  onCrash: (run) => process.on("uncaughtException", (error) => run(error + " " + ((error && error.stack) || ""))),
  freeMemory: () => {
    const memory = process.memory();
    return memory.free * memory.blocksize;
  },
  observe: (name, value) => {
    if (typeof sertaoObserve !== "undefined") sertaoObserve(name, value);
  },
  handedOn: () => global["sertaoSlots"],
  // Not by its name: the minifier would leave every name around it alone. From Storage, functions stay in flash.
  evaluate: (file) => (0, eval)(require("Storage").read(file, 0, 0)!),
  log: print,
};
