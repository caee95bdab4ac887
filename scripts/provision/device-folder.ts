import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeviceId } from "../../lib/uplink/topics.js";
import { fileUnreadable } from "../errors/files.js";
import { deviceIdInvalid } from "../errors/fleet.js";
import { notProvisioned } from "../errors/provision.js";
import { writePrivately } from "./private-file.js";
import { decodeProvisioning, encodeProvisioning, type Provisioning } from "./provisioning.js";

/** What this machine keeps of its own, below the working folder. */
const STATE_FOLDER = ".sertao";
const FILE = "sertao.cfg";

/** Where a device's provisioning is kept. @throws SertaoError DEVICE_ID */
export function provisioningFile(device: string): string {
  if (!isDeviceId(device)) throw deviceIdInvalid(device);
  return join(STATE_FOLDER, "devices", device, FILE);
}

/**
 * Keeps a device's provisioning, for its owner's eyes only, and out of any git repository.
 * @returns the file
 * @throws SertaoError PROVISIONING_INVALID, FILE_UNREADABLE
 */
export function keepProvisioning(provisioning: Provisioning): string {
  const file = provisioningFile(provisioning.device);
  const bytes = encodeProvisioning(provisioning);
  const ignore = join(STATE_FOLDER, ".gitignore");
  if (!existsSync(ignore)) writePrivately(ignore, "*\n");
  writePrivately(file, bytes);
  return file;
}

/** A device's provisioning; undefined where there is none. @throws SertaoError PROVISIONING_INVALID, FILE_UNREADABLE */
export function findProvisioning(device: string): Provisioning | undefined {
  const file = provisioningFile(device);
  if (!existsSync(file)) return undefined;
  try {
    return decodeProvisioning(readFileSync(file));
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw fileUnreadable(file, error.message);
    throw error;
  }
}

/** Devices that have a provisioning here, by name. */
export function provisionedDevices(): string[] {
  const folder = join(STATE_FOLDER, "devices");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => isDeviceId(name) && existsSync(join(folder, name, FILE)));
}

/**
 * The provisioning for a board: the device's that is named, or the only one there is.
 * @throws SertaoError NOT_PROVISIONED_YET, DEVICE_ID, PROVISIONING_INVALID
 */
export function chooseProvisioning(device: string | undefined): Provisioning | undefined {
  if (device !== undefined) {
    const found = findProvisioning(device);
    if (found === undefined) throw notProvisioned(`There is no provisioning of ${device} in ${STATE_FOLDER}/devices.`);
    return found;
  }
  const devices = provisionedDevices();
  if (devices.length > 1) throw notProvisioned(`Several devices are provisioned here: ${devices.join(", ")}.`);
  return devices[0] === undefined ? undefined : findProvisioning(devices[0]);
}
