import { PROVISIONING_FILE } from "../../../lib/app/provisioning.js";
import { CborWriter } from "../../../lib/core/cbor-writer.js";
import { ENVELOPE_FILE, PART_FILE } from "../../../lib/update/agent.js";
import { INSTALLATION_FILE, installationNote } from "../../../lib/update/slots.js";
import { SimulatedFiles } from "../flash/simulated-files.js";
import { ESP32_FLASH, SimulatedFlash } from "../flash/simulated-flash.js";
import { fillStorage, type FilledFile } from "../flash/slot-layout.js";
import { SETTINGS_PAGES } from "./fetching-device.js";

export interface Installation {
  /** Working key and spare. */
  readonly keys: readonly Uint8Array[];
  readonly application: Uint8Array;
  readonly model: Uint8Array;
  /** Bytes of each slot of an image. */
  readonly slotBytes: number;
}

/** The flash of a device to which application, model and keys came over the cable. */
export function installedFlash({ keys, application, model, slotBytes }: Installation): SimulatedFlash {
  const { pageBytes } = ESP32_FLASH;
  const slots = ["app.a", "app.b", "model.a", "model.b", "config.a", "config.b"];
  const pageCount = SETTINGS_PAGES + slots.length * (slotBytes / pageBytes + 2) + 6;
  const flash = new SimulatedFlash({ ...ESP32_FLASH, pageCount });
  const files = new SimulatedFiles(flash, SETTINGS_PAGES, flash.pageCount - SETTINGS_PAGES);
  const contents: Record<string, Uint8Array> = { "app.a": application, "model.a": model };
  const slot = (name: string, bytes: number): FilledFile => {
    const content = contents[name] ?? new Uint8Array(0);
    const whole = new Uint8Array(bytes).fill(0xff);
    whole.set(content);
    return { name, bytes: whole, contentBytes: content.length };
  };
  fillStorage(files.storage, { address: 0, pageBytes, pages: pageCount - SETTINGS_PAGES }, [
    ...slots.map((name) => slot(name, slotBytes)),
    slot(ENVELOPE_FILE, pageBytes),
    slot(PART_FILE, pageBytes),
  ]);
  files.write(INSTALLATION_FILE, installationNote(application, model));
  files.write(PROVISIONING_FILE, keysOnly(keys));
  return flash;
}

/** `sertao.cfg`, as far as updates look at it. */
export function keysOnly(keys: readonly Uint8Array[]): Uint8Array {
  const writer = new CborWriter(new Uint8Array(512));
  writer.map(keys.length);
  keys.forEach((key, slot) => {
    writer.number(10 + slot);
    writer.byteString(key, 0, key.length);
  });
  return writer.bytes.slice(0, writer.length);
}
