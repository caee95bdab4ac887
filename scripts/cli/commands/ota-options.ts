import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { passphraseMissing } from "../../errors/ota.js";
import { usage } from "../../errors/usage.js";
import { readBytes } from "../../model/model-file.js";
import { nodeDisk } from "../../ota/disk.js";
import { fileLock } from "../../ota/file-lock.js";
import { decodePublicKey, type PublicKey } from "../../ota/public-key.js";
import type { SignerOptions } from "../../ota/signer.js";
import { askUnseen } from "../ask-unseen.js";

/** Folder of the keys, unless the options say otherwise. */
export const KEY_FOLDER = join(".sertao", "ota");

/** Options of every command that opens a key file. */
export interface KeyOptions {
  journal?: string;
  passphraseFile?: string;
  passphraseEnv?: string;
}

/** Options of every command that signs. */
export interface SigningOptions extends KeyOptions {
  key: string;
  skipTo?: string;
}

/** Adds the options of a command that makes or opens a key file. A passphrase is never one of them. */
export function addKeyOptions(command: Command): Command {
  return command
    .option("--journal <file>", "journal of used indices (default: in the user's state folder, by key id)")
    .option("--passphrase-file <file>", "read the passphrase from the first line of a file")
    .option("--passphrase-env <name>", "read the passphrase from a variable of the environment");
}

/** Adds the options of a command that signs. */
export function addSigningOptions(command: Command): Command {
  return addKeyOptions(command)
    .option("--key <file>", "key file to sign with", join(KEY_FOLDER, "working.key"))
    .option("--skip-to <index>", "go on with this index: above everything that was ever signed with the key");
}

/** What a `Signer` needs, from the options; asks for the passphrase where they do not say. */
export async function signerOptions(options: SigningOptions): Promise<SignerOptions> {
  const keyFile = realPath(options.key);
  // A key that is not there should not cost a passphrase.
  readBytes(keyFile);
  return {
    disk: nodeDisk,
    lock: fileLock,
    keyFile,
    journalFile: journalPlace(options),
    passphrase: await passphraseFrom(options, `Passphrase of ${options.key}: `),
    skipTo: options.skipTo === undefined ? undefined : wholeNumber("--skip-to", options.skipTo),
    nowMs: Date.now,
  };
}

/** Where the journal of a key lies: away from the key file, so that a copy of one folder does not take both. */
export function journalPlace({ journal }: KeyOptions): (keyId: string) => string {
  if (journal !== undefined) return () => realPath(journal);
  const state =
    process.platform === "win32"
      ? process.env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local")
      : process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  return (keyId) => join(state, "sertao", "ota", `${keyId}.journal`);
}

/**
 * The passphrase: of a file, of a variable, or typed. Never of the command line, which every process can read.
 * @throws SertaoError OTA_PASSPHRASE_MISSING, FILE_MISSING, FILE_UNREADABLE
 */
export async function passphraseFrom(options: KeyOptions, question: string): Promise<string> {
  const { passphraseFile, passphraseEnv } = options;
  if (passphraseFile !== undefined) {
    const line = Buffer.from(readBytes(passphraseFile)).toString("utf8").split(/\r?\n/)[0]!;
    if (line === "") throw passphraseMissing(`${passphraseFile} begins with an empty line.`);
    return line;
  }
  if (passphraseEnv !== undefined) {
    const value = process.env[passphraseEnv] ?? "";
    if (value === "") throw passphraseMissing(`The variable ${passphraseEnv} is not set.`);
    return value;
  }
  const typed = process.stdin.isTTY ? await askUnseen(question) : "";
  if (typed === "") throw passphraseMissing("There is no passphrase.");
  return typed;
}

/** Reads a `.pub` or key file. */
export function publicKeyFrom(path: string): PublicKey {
  return decodePublicKey(readBytes(path), path);
}

/** The public keys of the key folder, for commands that were given none. */
export function knownPublicKeys(): string[] {
  return ["working.pub", "spare.pub"].map((name) => join(KEY_FOLDER, name)).filter((path) => existsSync(path));
}

/** A 32-byte key as raw bytes or 64 hexadecimal digits; undefined where the bytes are neither. */
export function deviceKeyFrom(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString("latin1").trim();
  const key = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, "hex") : bytes;
  return key.length === 32 ? key : undefined;
}

/** A whole number of the command line. */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw usage(`${option} ${text} is not a whole number.`);
  return Number(text);
}

/** One name for a file, whatever links lead to it: locks go by it. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(resolve(path));
  return existsSync(folder) ? join(realpathSync(folder), resolve(path).slice(folder.length)) : resolve(path);
}
