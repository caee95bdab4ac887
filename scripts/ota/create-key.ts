import { randomBytes } from "node:crypto";
import { keyExists } from "../errors/ota.js";
import { replaceFile, type Disk } from "./disk.js";
import { keyId } from "./envelope.js";
import type { Lock } from "./file-lock.js";
import { IndexJournal } from "./index-journal.js";
import { KeyFile, SCRYPT_COST, type ScryptCost } from "./key-file.js";
import { IDENTIFIER_BYTES, SEED_BYTES, UPDATE_PARAMETERS, type LmsParameters } from "./lms/parameters.js";
import { LmsPrivateKey } from "./lms/private-key.js";
import { makeLeaves } from "./lms/tree.js";
import { encodePublicKey } from "./public-key.js";

export interface NewKey {
  readonly disk: Disk;
  readonly lock: Lock;
  readonly slot: "working" | "spare";
  readonly keyFile: string;
  readonly publicKeyFile: string;
  readonly journalFile: (keyId: string) => string;
  readonly passphrase: string;
  readonly onLeaf?: (done: number) => void;
  readonly parameters?: LmsParameters;
  readonly cost?: ScryptCost;
}

/**
 * Makes a signing key: key file, public key and journal.
 * @returns the HSS public key
 * @throws SertaoError OTA_KEY_EXISTS, OTA_KEY_BUSY, FILE_UNREADABLE
 */
export function createKey(options: NewKey): Uint8Array {
  const { disk, lock, slot, keyFile, publicKeyFile, journalFile, passphrase, onLeaf } = options;
  const { parameters = UPDATE_PARAMETERS, cost = SCRYPT_COST } = options;
  return lock([keyFile], () => {
    for (const path of [keyFile, publicKeyFile]) if (disk.read(path) !== undefined) throw keyExists(path);
    const identifier = randomBytes(IDENTIFIER_BYTES);
    const seed = randomBytes(SEED_BYTES);
    const leaves = makeLeaves(parameters, identifier, seed, onLeaf);
    const file = KeyFile.create(
      slot,
      new LmsPrivateKey(parameters, identifier, seed, leaves),
      leaves,
      passphrase,
      cost,
    );
    const { publicKey } = file;
    IndexJournal.begin(disk, journalFile(Buffer.from(keyId(publicKey)).toString("hex")), keyId(publicKey));
    replaceFile(disk, keyFile, file.encode());
    replaceFile(disk, publicKeyFile, encodePublicKey(slot, publicKey));
    return publicKey;
  });
}
