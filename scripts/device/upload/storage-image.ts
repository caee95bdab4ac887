import type { Board } from "../../../boards/index.js";
import { storageTooSmall } from "../../errors/bundle.js";
import { EspruinoStorage } from "../../simulate/flash/espruino-storage.js";
import { SimulatedFlash } from "../../simulate/flash/simulated-flash.js";
import { fillStorage, slotsRoom } from "../../simulate/flash/slot-layout.js";
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
  const { pageBytes, pages: pageCount } = storage;
  const plain = files.filter(({ contentBytes }) => contentBytes === undefined);
  const slots = files.filter(({ contentBytes }) => contentBytes !== undefined);
  const needed =
    plain.reduce((sum, { bytes }) => sum + storageBytes(bytes.length), 0) +
    slotsRoom(
      slots.map(({ name, bytes }) => ({ name, bytes: bytes.length })),
      pageBytes,
    );
  if (needed > capacity) throw storageTooSmall(needed, capacity, id);
  const flash = new SimulatedFlash({ pageBytes, pageCount, writeUnitBytes, rewritesPerWord });
  fillStorage(new EspruinoStorage(flash), storage, files);
  return flash.image;
}
