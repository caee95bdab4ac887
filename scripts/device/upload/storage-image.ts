import type { Board } from "../../../boards/index.js";
import { storageTooSmall } from "../../errors/bundle.js";
import { EspruinoStorage } from "../../simulate/flash/espruino-storage.js";
import { SimulatedFlash } from "../../simulate/flash/simulated-flash.js";
import type { StorageFile } from "./device-files.js";
import { storageBytes } from "./storage-writer.js";

/**
 * All of a board's Storage with these files in it, as the engine would have written them into an empty one.
 * @throws SertaoError STORAGE_TOO_SMALL
 */
export function storageImage(
  { id, storage, writeUnitBytes, rewritesPerWord }: Board,
  files: readonly StorageFile[],
): Uint8Array {
  const capacity = storage.pageBytes * storage.pages;
  const needed = files.reduce((sum, { bytes }) => sum + storageBytes(bytes.length), 0);
  if (needed > capacity) throw storageTooSmall(needed, capacity, id);
  const { pageBytes, pages: pageCount } = storage;
  const flash = new SimulatedFlash({ pageBytes, pageCount, writeUnitBytes, rewritesPerWord });
  const contents = new EspruinoStorage(flash);
  for (const { name, bytes } of files) contents.write(name, bytes);
  return flash.image;
}
