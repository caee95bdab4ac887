import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { fileMissing } from "../../errors/files.js";
import { provisionUpdateKeys, provisionUpdateSequence, secretMissing } from "../../errors/provision.js";
import { decodePublicKey } from "../../ota/public-key.js";
import { PasswordFile } from "../../fleet/secrets/passwords.js";
import { formatBroker } from "../../provision/broker-address.js";
import { findProvisioning, keepProvisioning } from "../../provision/device-folder.js";
import { keepKey } from "../../provision/key-file.js";
import { makeProvisioning, needsWifiPassword } from "../../provision/make-provisioning.js";
import type { Provisioning } from "../../provision/provisioning.js";
import { readSecrets, type WantedProvisioning } from "../../provision/secrets-file.js";
import { askProvisioning } from "../ask-provisioning.js";
import { DEFAULT_PASSWORDS, printJson } from "./fleet-store.js";

const MAX_U32 = 0xffffffff;

interface Options {
  broker?: string;
  wifi?: string;
  ack?: "puback" | "collector";
  from?: string;
  keys?: string;
  passwords?: string;
  newKey?: true;
  updateKey?: string[];
  updateSequence?: string;
  json?: true;
}

/** `sertao provision`. */
export function provisionCommand(program: Command): void {
  program
    .command("provision")
    .argument("<device>", "id of the device: 1 to 23 characters of a-z and 0-9")
    .description("make a device's sertao.cfg: identity, credentials, broker and keys; again, to rotate them")
    .option("--broker <host[:port]>", "the MQTT broker that the device reaches, port 1883 where none is given")
    .option("--wifi <name>", "Wi-Fi network; its password is asked for, or comes with --from")
    .addOption(
      new Option("--ack <how>", "what tells the device that a result is safe").choices(["puback", "collector"]),
    )
    .option("--from <file>", 'JSON with "broker", "wifi", "wifiPassword", "password", "ack"; - reads standard input')
    .option("--keys <file>", "also put the device's key into this file, for sertao fleet serve")
    .option("--passwords <file>", `put the password's hash into this file (a drawn one: ${DEFAULT_PASSWORDS})`)
    .option("--new-key", "draw a new device key although the device has one")
    .option(
      "--update-key <file>",
      "public key (.pub) that updates are trusted by; twice: working key and spare",
      (file: string, before: string[] = []) => [...before, file],
    )
    .option("--update-sequence <n>", "refuse updates up to this sequence (default: what it was, or none)")
    .option("--json", "print what was written, without secrets, as JSON")
    .action(provision);
}

async function provision(device: string, options: Options): Promise<void> {
  const previous = findProvisioning(device);
  const { broker, wifi, ack } = options;
  const named = { ...(broker !== undefined && { broker }), ...(wifi !== undefined && { wifi }), ...(ack && { ack }) };
  const keys = {
    ...(options.updateKey && { updateKeys: readUpdateKeys(options.updateKey) }),
    ...(options.updateSequence !== undefined && { updateSequence: sequenceOf(options.updateSequence, previous) }),
  };
  const given: WantedProvisioning = {
    ...(options.from === undefined ? {} : readSecrets(options.from)),
    ...named,
    ...keys,
  };
  const canAsk = process.stdin.isTTY && process.stderr.isTTY && options.from === undefined;
  if (!canAsk && needsWifiPassword(given, previous)) throw secretMissing("The password of the Wi-Fi network");
  const wanted = canAsk ? { ...(await askProvisioning(given, previous)), ...keys } : given;
  const renewKey = options.newKey === true;
  const { provisioning, isPasswordDrawn } = makeProvisioning({
    device,
    wanted,
    previous,
    renewKey,
    random: randomBytes,
  });
  const passwords = options.passwords ?? (isPasswordDrawn ? DEFAULT_PASSWORDS : undefined);
  const hashes = passwords === undefined ? undefined : new PasswordFile(passwords);
  const file = keepProvisioning(provisioning);
  await hashes?.set(device, Buffer.from(provisioning.password!));
  if (options.keys !== undefined) keepKey(options.keys, device, provisioning.deviceKey!);
  const summary = {
    device,
    file,
    incarnation: provisioning.incarnation,
    broker: formatBroker({ host: provisioning.brokerHost, port: provisioning.brokerPort }),
    wifi: provisioning.wifiNetwork,
    ack: provisioning.acknowledgement ?? "puback",
    passwords,
    keys: options.keys,
    updates: provisioning.updateKey !== undefined,
    updateSequence: provisioning.updateSequence,
    rotated: previous !== undefined,
  };
  if (options.json) printJson(summary);
  else process.stdout.write(report(summary));
}

/** @throws SertaoError PROVISION_UPDATE_SEQUENCE */
function sequenceOf(text: string, previous: Provisioning | undefined): number {
  const sequence = Number(text);
  const before = previous?.updateSequence ?? 0;
  if (!/^\d{1,10}$/.test(text) || sequence > MAX_U32) throw provisionUpdateSequence(text, "is no 32-bit number");
  if (sequence < before) throw provisionUpdateSequence(text, `is lower than the device's ${before}, which stays`);
  return sequence;
}

/** By their slots: working key, and spare. @throws SertaoError FILE_MISSING, OTA_KEY_DAMAGED, PROVISION_UPDATE_KEYS */
function readUpdateKeys(files: readonly string[]): Uint8Array[] {
  const keys = files.map((file) => {
    if (!existsSync(file)) throw fileMissing(file);
    return decodePublicKey(readFileSync(file), file);
  });
  const [working, spare] = ["working", "spare"].map((slot) => keys.filter((key) => key.slot === slot));
  if (working?.length !== 1 || spare?.length !== 1) throw provisionUpdateKeys(files.join(", "));
  return [...working, ...spare].map(({ publicKey }) => publicKey);
}

interface Summary {
  readonly device: string;
  readonly file: string;
  readonly broker: string;
  readonly wifi: string | undefined;
  readonly passwords: string | undefined;
  readonly keys: string | undefined;
  readonly updates: boolean;
  readonly updateSequence: number | undefined;
  readonly rotated: boolean;
}

function report(summary: Summary): string {
  const { device, file, broker, wifi, passwords, keys, updates, updateSequence, rotated } = summary;
  const lines = [
    `${device} ${rotated ? "has new credentials" : "is provisioned"}, in ${file} (for your eyes only)`,
    `broker ${broker}, ${wifi === undefined ? "no Wi-Fi" : `Wi-Fi ${wifi}`}`,
  ];
  if (passwords !== undefined) lines.push(`the hash of its password is in ${passwords}`);
  if (keys !== undefined) lines.push(`its key is in ${keys}`);
  if (updates)
    lines.push(
      `it takes updates that its keys have signed${updateSequence ? `, above sequence ${updateSequence}` : ""}`,
    );
  lines.push(`next: sertao upload APP --board BOARD --port PORT --device ${device}`);
  return `${lines.join("\n")}\n`;
}
