import type { Command } from "commander";
import { fileUnreadable } from "../../errors/files.js";
import { signatureInvalid, updateDamaged } from "../../errors/ota.js";
import { usage } from "../../errors/usage.js";
import { readBytes } from "../../model/model-file.js";
import { nodeDisk, replaceFile } from "../../ota/disk.js";
import { macEnvelope } from "../../ota/envelope.js";
import { encodeUpdateFile } from "../../ota/update-file.js";
import { verifiedUpdate } from "../../ota/verified-update.js";
import { deviceKeyFrom, knownPublicKeys, publicKeyFrom } from "./ota-options.js";

interface Options {
  deviceKeyFile: string;
  key?: string[];
  output: string;
}

/** `sertao ota mac`. */
export function otaMacCommand(ota: Command): void {
  ota
    .command("mac")
    .description("turn a signed update into one for a device whose firmware lacks SHA-256")
    .argument("<file>", "an update that sertao ota sign wrote")
    .requiredOption("--device-key-file <file>", "the device's key: 32 bytes, or 64 hexadecimal digits")
    .option("--key <files...>", "public keys to verify the signature with first (default: those in .sertao/ota)")
    .requiredOption("-o, --output <file>", "where to write the update")
    .action(mac);
}

function mac(path: string, options: Options): void {
  const keys = (options.key ?? knownPublicKeys()).map((file) => publicKeyFrom(file).publicKey);
  if (keys.length === 0) throw usage("No public key is at hand: name one with --key FILE.");
  const update = verifiedUpdate(readBytes(path), keys);
  if (typeof update === "string") throw updateDamaged(path, update);
  if (update.opened.signer < 0) throw signatureInvalid(path);
  if (update.manifest.kind === "key") throw usage("A device that trusts its own key alone has no keys to change.");
  const envelope = macEnvelope(deviceKey(options.deviceKeyFile), update.opened.payload);
  replaceFile(nodeDisk, options.output, encodeUpdateFile({ envelope, image: update.image }));
  console.log(`${options.output}: envelope of ${envelope.length} bytes`);
}

function deviceKey(path: string): Uint8Array {
  const key = deviceKeyFrom(readBytes(path));
  if (key === undefined) throw fileUnreadable(path, "it holds no key of 32 bytes");
  return key;
}
