import { join } from "node:path";
import type { Command } from "commander";
import { passphraseMissing } from "../../errors/ota.js";
import { createKey } from "../../ota/create-key.js";
import { nodeDisk } from "../../ota/disk.js";
import { keyId } from "../../ota/envelope.js";
import { fileLock } from "../../ota/file-lock.js";
import { UPDATE_PARAMETERS } from "../../ota/lms/parameters.js";
import { Progress } from "../progress.js";
import { addKeyOptions, journalPlace, KEY_FOLDER, passphraseFrom, type KeyOptions } from "./ota-options.js";

const MIN_PASSPHRASE = 12;

interface Options extends KeyOptions {
  spare?: boolean;
  out?: string;
  json?: boolean;
}

/** `sertao ota keygen`. */
export function otaKeygenCommand(ota: Command): void {
  const command = ota
    .command("keygen")
    .description("make a signing key of 1,024 signatures, and its public key")
    .option("--spare", "the second key that devices trust; keep it offline")
    .option("--out <file>", `key file to write (default: ${join(KEY_FOLDER, "working.key")}, or spare.key)`)
    .option("--json", "print JSON");
  addKeyOptions(command).action(keygen);
}

async function keygen(options: Options): Promise<void> {
  const slot = options.spare === true ? "spare" : "working";
  const keyFile = options.out ?? join(KEY_FOLDER, `${slot}.key`);
  const publicKeyFile = `${keyFile.replace(/\.key$/, "")}.pub`;
  const passphrase = await newPassphrase(options, keyFile);
  const count = 2 ** UPDATE_PARAMETERS.height;
  const progress = new Progress("leaves", count);
  let publicKey: Uint8Array;
  try {
    publicKey = createKey({
      disk: nodeDisk,
      lock: fileLock,
      slot,
      keyFile,
      publicKeyFile,
      journalFile: journalPlace(options),
      passphrase,
      onLeaf: (done) => progress.update(done),
    });
  } finally {
    progress.stop();
  }
  const id = Buffer.from(keyId(publicKey)).toString("hex");
  const journal = journalPlace(options)(id);
  if (options.json)
    return console.log(JSON.stringify({ slot, keyFile, publicKeyFile, journal, keyId: id, signatures: count }));
  console.log(`${slot} key ${id} with ${count} signatures`);
  console.log(`  key file    ${keyFile} (encrypted; keep no second copy that signs)`);
  console.log(`  public key  ${publicKeyFile} (give it to devices)`);
  console.log(`  journal     ${journal} (keep it apart from copies of the key file)`);
}

async function newPassphrase(options: KeyOptions, keyFile: string): Promise<string> {
  const typed = options.passphraseFile === undefined && options.passphraseEnv === undefined;
  const passphrase = await passphraseFrom(options, `New passphrase of ${keyFile}: `);
  if (passphrase.length < MIN_PASSPHRASE)
    throw passphraseMissing(`The passphrase has fewer than ${MIN_PASSPHRASE} characters.`);
  if (typed && (await passphraseFrom(options, "Once more: ")) !== passphrase)
    throw passphraseMissing("The two passphrases differ.");
  return passphrase;
}
