import type { Platform } from "../../../lib/hal/platform.js";
import { EspruinoClock } from "./clock.js";
import { EspruinoFiles } from "./files.js";
import { EspruinoFlash } from "./flash.js";
import { espruinoNative } from "./native.js";
import { EspruinoPower } from "./power.js";
import { EspruinoTransport } from "./transport.js";

/** Espruino as a platform: the only folder that names this engine's globals. */
export const platform: Platform = {
  clock: new EspruinoClock(),
  files: new EspruinoFiles(),
  transport: new EspruinoTransport(),
  power: new EspruinoPower(),
  watchdog: {
    enable: (timeoutSec) => E.enableWatchdog(timeoutSec, false),
    feed: () => E.kickWatchdog(),
  },
  readings: {
    read: (channel) => {
      const value = typeof sertaoReading === "undefined" ? undefined : sertaoReading(channel);
      return value === undefined ? NaN : value;
    },
  },
  native: espruinoNative,
  flash: (pages) => new EspruinoFlash(pages),
  freeMemory: () => {
    const memory = process.memory();
    return memory.free * memory.blocksize;
  },
  observe: (name, value) => {
    if (typeof sertaoObserve !== "undefined") sertaoObserve(name, value);
  },
  log: (line) => print(line),
};
