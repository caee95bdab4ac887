import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EspruinoStorage } from "../../../scripts/simulate/flash/espruino-storage.js";
import { ESP32_FLASH, SimulatedFlash } from "../../../scripts/simulate/flash/simulated-flash.js";

const FIELD_BYTES = 4194304;
const FIELD_STORAGE_AT = 0x320000;
const LINUX_PAGE_BYTES = 1024;

/** The Storage in the flash file of an engine that runs in a folder. */
export function storageOf(folder: string): EspruinoStorage {
  const file = join(folder, "espruino.flash");
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(FIELD_BYTES, 0xff);
  const isField = bytes.length === FIELD_BYTES;
  return storageIn(bytes.subarray(isField ? FIELD_STORAGE_AT : 0), isField ? ESP32_FLASH.pageBytes : LINUX_PAGE_BYTES);
}

/** The Storage in a run of flash. */
export function storageIn(bytes: Uint8Array, pageBytes: number): EspruinoStorage {
  const flash = new SimulatedFlash({
    pageBytes,
    pageCount: bytes.length / pageBytes,
    writeUnitBytes: 4,
    rewritesPerWord: 255,
  });
  flash.image.set(bytes);
  return new EspruinoStorage(flash);
}
