import type { Command } from "commander";
import { isDeviceId } from "../../../lib/uplink/topics.js";
import { deviceIdInvalid, keyMissing } from "../../errors/fleet.js";
import { KeyFile } from "../../fleet/secrets/device-keys.js";
import { DEFAULT_KEYS } from "./fleet-store.js";
import { readSecret } from "./read-secret.js";

const KEY = /^[0-9a-fA-F]{64}$/;

/** `sertao fleet key`. */
export function fleetKey(fleet: Command): void {
  fleet
    .command("key")
    .argument("<device>", "id of the device")
    .description("set a device's key, read from stdin in hexadecimal: the collector tells such a device the time")
    .option("--keys <file>", "the key file", DEFAULT_KEYS)
    .action(setKey);
}

async function setKey(device: string, { keys }: { keys: string }): Promise<void> {
  if (!isDeviceId(device)) throw deviceIdInvalid(device);
  const file = new KeyFile(keys);
  const key = (await readSecret(`Key of ${device}: `)).trim();
  if (!KEY.test(key)) throw keyMissing(device);
  file.set(device, Buffer.from(key, "hex"));
  process.stdout.write(`The key of ${device} is set in ${keys}.\n`);
}
