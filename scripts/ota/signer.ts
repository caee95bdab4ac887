import { randomBytes } from "node:crypto";
import { fileMissing } from "../errors/files.js";
import { keyBusy, keyExhausted, keyOld, signingFailed, skipBack } from "../errors/ota.js";
import { replaceFile, type Disk } from "./disk.js";
import { keyId, openEnvelope, signedEnvelope, toBeSigned } from "./envelope.js";
import { IndexJournal } from "./index-journal.js";
import { KeyFile, peekKeyFile } from "./key-file.js";
import { hssSignature } from "./lms/hss.js";
import { signatureBytes } from "./lms/parameters.js";
import type { RandomBytes } from "./lms/private-key.js";
import type { Lock } from "./file-lock.js";

/** Devices verify with at most so many SHA-256 calls. */
export const MAX_VERIFY_HASHES = 600;
/** Below this share of signatures left the signer warns. */
const FEW = 0.1;

/** What a signer works with. */
export interface SignerOptions {
  readonly disk: Disk;
  readonly lock: Lock;
  readonly keyFile: string;
  /** Journal of used indices, by the key id in hexadecimal: kept where copies of the key file are not. */
  readonly journalFile: (keyId: string) => string;
  readonly passphrase: string;
  /** Index to go on with, above everything that was ever signed: for an older key file, or a lost journal. */
  readonly skipTo?: number | undefined;
  /** Highest index that is known to be published, from elsewhere; -1 where none is. */
  readonly highestPublished?: number;
  readonly nowMs: () => number;
  readonly random?: RandomBytes;
  /** Randomizers to try for each signature. */
  readonly tries?: number;
}

/** An envelope that may be released. */
export interface Signed {
  readonly envelope: Uint8Array;
  readonly index: number;
  /** SHA-256 calls of a device that verifies it. */
  readonly hashes: number;
}

/**
 * Signs with a key file so that no index is used twice: not when the process dies anywhere, not when two run at once, not
 * with an older copy of the key file. The index is durable in key file and journal before its signature exists.
 */
export class Signer {
  readonly #options: SignerOptions;
  readonly #journal: IndexJournal;
  #file: KeyFile;

  private constructor(options: SignerOptions, file: KeyFile, journal: IndexJournal) {
    this.#options = options;
    this.#file = file;
    this.#journal = journal;
  }

  /**
   * Opens key file and journal under their locks and runs `work` with the signer, which is good until it returns.
   * @throws SertaoError FILE_MISSING, OTA_KEY_*, OTA_JOURNAL_*, OTA_PASSPHRASE_WRONG, OTA_SKIP_BACK
   */
  static use<Result>(options: SignerOptions, work: (signer: Signer) => Result): Result {
    const { disk, lock, keyFile, passphrase } = options;
    const id = keyId(peekKeyFile(readKey(disk, keyFile), keyFile).publicKey);
    const journalFile = options.journalFile(Buffer.from(id).toString("hex"));
    // The journal first: copies of a key file share it, whatever they are called.
    return lock([journalFile, keyFile], () => {
      const file = KeyFile.open(readKey(disk, keyFile), passphrase, keyFile);
      if (!Buffer.from(keyId(file.publicKey)).equals(Buffer.from(id))) throw keyBusy(keyFile);
      const signer = new Signer(options, file, openJournal(options, journalFile, file));
      signer.#begin();
      return work(signer);
    });
  }

  get publicKey(): Uint8Array {
    return this.#file.publicKey;
  }

  get slot(): "working" | "spare" {
    return this.#file.slot;
  }

  /** Signatures that are left, and that there were. */
  get remaining(): { readonly left: number; readonly of: number; readonly few: boolean } {
    const of = this.#file.signatures;
    const left = of - this.#file.next;
    return { left, of, few: left < of * FEW };
  }

  /** Greatest sequence that this key has signed. */
  get lastSequence(): number {
    return this.#journal.lastSequence;
  }

  /** A sequence above every one that was signed: the time in seconds, so that another key's are in order with it. */
  nextSequence(): number {
    return Math.max(Math.floor(this.#options.nowMs() / 1000), this.#journal.lastSequence + 1);
  }

  /**
   * Signs a manifest.
   * @param what for the journal
   * @throws SertaoError OTA_KEY_EXHAUSTED, OTA_SIGNING_FAILED, FILE_UNREADABLE; the index may be used up, and no signature
   *   of it exists
   */
  sign(payload: Uint8Array, sequence: number, what: string): Signed {
    const index = this.#file.next;
    if (index >= this.#file.signatures) throw keyExhausted(this.#options.keyFile, this.#file.signatures);
    const { key, publicKey } = this.#file;
    const message = toBeSigned(publicKey, payload);
    // An envelope that would be too long is refused before it costs an index.
    signedEnvelope(publicKey, payload, hssSignature(new Uint8Array(signatureBytes(key.parameters))));
    this.#advance(index + 1);
    this.#journal.add({ index, sequence, at: new Date(this.#options.nowMs()).toISOString(), what });
    const { random = randomBytes, tries } = this.#options;
    const randomizer = key.chooseRandomizer(index, message, random, tries);
    const envelope = signedEnvelope(publicKey, payload, hssSignature(key.sign(index, message, randomizer)));
    const opened = openEnvelope(envelope, [publicKey]);
    if (opened?.signer !== 0 || opened.index !== index || opened.hashes > MAX_VERIFY_HASHES) throw signingFailed(index);
    return { envelope, index, hashes: opened.hashes };
  }

  /** Refuses an older copy of the key file, or passes over what the user says is used. */
  #begin(): void {
    const { skipTo, keyFile, highestPublished = -1, nowMs } = this.#options;
    const used = Math.max(this.#journal.highest, highestPublished);
    const { next, signatures } = this.#file;
    if (skipTo !== undefined) {
      const least = Math.max(next, used + 1);
      if (!Number.isInteger(skipTo) || skipTo < least || skipTo >= signatures)
        throw skipBack(skipTo, least, signatures - 1);
      this.#advance(skipTo);
      if (skipTo > 0)
        this.#journal.add({ index: skipTo - 1, sequence: 0, at: new Date(nowMs()).toISOString(), what: "passed over" });
    } else if (next <= used) throw keyOld(keyFile, next, used);
  }

  #advance(next: number): void {
    this.#file = this.#file.advancedTo(next);
    replaceFile(this.#options.disk, this.#options.keyFile, this.#file.encode());
  }
}

function readKey(disk: Disk, path: string): Uint8Array {
  const bytes = disk.read(path);
  if (bytes === undefined) throw fileMissing(path);
  return bytes;
}

/** A lost journal can be begun anew only by naming an index. */
function openJournal({ disk, skipTo }: SignerOptions, path: string, file: KeyFile): IndexJournal {
  const id = keyId(file.publicKey);
  return skipTo !== undefined && disk.read(path) === undefined
    ? IndexJournal.begin(disk, path, id)
    : IndexJournal.open(disk, path, id);
}
