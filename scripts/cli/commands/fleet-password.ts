import type { Command } from "commander";
import { isDeviceId } from "../../../lib/uplink/topics.js";
import { deviceIdInvalid, passwordMissing } from "../../errors/fleet.js";
import { PasswordFile } from "../../fleet/broker/passwords.js";
import { askUnseen } from "../ask-unseen.js";
import { DEFAULT_PASSWORDS } from "./fleet-store.js";

const MIN_LENGTH = 8;
const MAX_LENGTH = 64;
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** `sertao fleet password`. */
export function fleetPassword(fleet: Command): void {
  fleet
    .command("password")
    .argument("<device>", "id of the device")
    .description("set a device's password, read from stdin; only its hash is kept")
    .option("--passwords <file>", "the password file", DEFAULT_PASSWORDS)
    .action(setPassword);
}

async function setPassword(device: string, { passwords }: { passwords: string }): Promise<void> {
  if (!isDeviceId(device)) throw deviceIdInvalid(device);
  const file = new PasswordFile(passwords);
  const password = process.stdin.isTTY ? await askUnseen(`Password of ${device}: `) : await firstLine();
  if (password.length < MIN_LENGTH || password.length > MAX_LENGTH || !PRINTABLE.test(password)) {
    throw passwordMissing(`The password of ${device} is not ${MIN_LENGTH} to ${MAX_LENGTH} printable characters.`);
  }
  await file.set(device, Buffer.from(password));
  process.stdout.write(`The password of ${device} is set in ${passwords}.\n`);
}

async function firstLine(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text.split(/\r?\n/)[0] ?? "";
}
