import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { keyDamaged, passphraseWrong } from "../errors/ota.js";
import { hssPublicKey, HSS_KEY_BYTES, isDeviceKey } from "./lms/hss.js";
import { HASH_BYTES, parametersOf, SEED_BYTES, type LmsParameters } from "./lms/parameters.js";
import { LmsPrivateKey } from "./lms/private-key.js";

/** Cost of guessing a passphrase: scrypt (RFC 7914). */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MB and about half a second for each guess. */
export const SCRYPT_COST: ScryptCost = { N: 131072, r: 8, p: 1 };
const GREATEST_COST: ScryptCost = { N: 1048576, r: 16, p: 4 };
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const CIPHER = "aes-256-gcm";
const FORMAT = "sertao-ota-key";

/** The file as it is written. Bytes are base64. */
interface KeyDocument {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly slot: "working" | "spare";
  /** HSS public key. */
  readonly publicKey: string;
  /** First index that was never given out. */
  readonly next: number;
  readonly scrypt: ScryptCost & { readonly salt: string };
  readonly nonce: string;
  readonly tag: string;
  /** The seed, encrypted. */
  readonly seed: string;
  /** Leaves of the tree: no secret, and the root in the public key proves them. */
  readonly leaves: string;
}

/** A signing key with the index it would use next. Knows no files: `scripts/ota/signer.ts` does. */
export class KeyFile {
  readonly publicKey: Buffer;

  constructor(
    readonly slot: "working" | "spare",
    readonly key: LmsPrivateKey,
    readonly next: number,
    private readonly leaves: Uint8Array,
    private readonly wrapping: { readonly key: Buffer; readonly cost: ScryptCost; readonly salt: Buffer },
  ) {
    this.publicKey = hssPublicKey(key.publicKey());
  }

  /** Makes the file of a new key. */
  static create(
    slot: "working" | "spare",
    key: LmsPrivateKey,
    leaves: Uint8Array,
    passphrase: string,
    cost: ScryptCost,
  ): KeyFile {
    const salt = randomBytes(SALT_BYTES);
    return new KeyFile(slot, key, 0, leaves, { key: wrappingKey(passphrase, salt, cost), cost, salt });
  }

  /**
   * Opens the bytes of a file.
   * @param name of the file, for errors
   * @throws SertaoError OTA_KEY_DAMAGED, OTA_PASSPHRASE_WRONG
   */
  static open(bytes: Uint8Array, passphrase: string, name: string): KeyFile {
    const document = parseDocument(bytes, name);
    const publicKey = Buffer.from(document.publicKey, "base64");
    const salt = Buffer.from(document.scrypt.salt, "base64");
    const { N, r, p } = document.scrypt;
    const cost = { N, r, p };
    const wrapping = { key: wrappingKey(passphrase, salt, cost), cost, salt };
    const seed = unseal(document, wrapping.key, name);
    const leaves = Buffer.from(document.leaves, "base64");
    const key = new LmsPrivateKey(parametersIn(publicKey), publicKey.subarray(12, 28), seed, leaves);
    const file = new KeyFile(document.slot, key, document.next, leaves, wrapping);
    if (!file.publicKey.equals(publicKey))
      throw keyDamaged(name, "its leaves and its public key contradict each other");
    return file;
  }

  /** Signatures that the key can make in all. */
  get signatures(): number {
    return 2 ** this.key.parameters.height;
  }

  /** The same key after all below `next` were given out. */
  advancedTo(next: number): KeyFile {
    return new KeyFile(this.slot, this.key, next, this.leaves, this.wrapping);
  }

  /** The bytes to keep: with a new nonce each time. */
  encode(): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const { key, cost, salt } = this.wrapping;
    const open = {
      format: FORMAT,
      version: 1,
      slot: this.slot,
      publicKey: this.publicKey.toString("base64"),
      next: this.next,
      scrypt: { ...cost, salt: salt.toString("base64") },
    } as const;
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(authenticated(open));
    const seed = Buffer.concat([cipher.update(this.key.seed), cipher.final()]);
    const document: KeyDocument = {
      ...open,
      nonce: nonce.toString("base64"),
      tag: cipher.getAuthTag().toString("base64"),
      seed: seed.toString("base64"),
      leaves: Buffer.from(this.leaves).toString("base64"),
    };
    return Buffer.from(`${JSON.stringify(document, null, 1)}\n`);
  }
}

/** Public key and next index of a key file: what can be known without the passphrase, and is not proved. */
export function peekKeyFile(bytes: Uint8Array, name: string): { publicKey: Buffer; slot: "working" | "spare" } {
  const { publicKey, slot } = parseDocument(bytes, name);
  return { publicKey: Buffer.from(publicKey, "base64"), slot };
}

function parseDocument(bytes: Uint8Array, name: string): KeyDocument {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw keyDamaged(name, "it is not JSON");
  }
  const document = value as KeyDocument;
  if (typeof value !== "object" || value === null || document.format !== FORMAT)
    throw keyDamaged(name, "it is something else");
  if (document.version !== 1) throw keyDamaged(name, `version ${String(document.version)} is unknown`);
  const problem = problemOf(document);
  if (problem !== undefined) throw keyDamaged(name, problem);
  return document;
}

function problemOf(document: KeyDocument): string | undefined {
  const { slot, publicKey, next, scrypt, nonce, tag, seed, leaves } = document;
  const key = bytesOf(publicKey);
  if (slot !== "working" && slot !== "spare") return "its slot is unknown";
  if (key?.length !== HSS_KEY_BYTES || !isDeviceKey(key)) return "its public key is none";
  const count = 2 ** parametersIn(key).height;
  if (!Number.isInteger(next) || next < 0 || next > count) return "its next index is none";
  const costs = (["N", "r", "p"] as const).every(
    (name) => Number.isInteger(scrypt?.[name]) && scrypt[name] > 0 && scrypt[name] <= GREATEST_COST[name],
  );
  if (!costs || (scrypt.N & (scrypt.N - 1)) !== 0 || bytesOf(scrypt.salt)?.length !== SALT_BYTES)
    return "its scrypt parameters are none";
  const sealed = [bytesOf(nonce)?.length, bytesOf(tag)?.length, bytesOf(seed)?.length].join();
  if (sealed !== [NONCE_BYTES, 16, SEED_BYTES].join()) return "its secret has a wrong length";
  return bytesOf(leaves)?.length === count * HASH_BYTES ? undefined : "leaves are missing";
}

function bytesOf(text: unknown): Buffer | undefined {
  return typeof text === "string" ? Buffer.from(text, "base64") : undefined;
}

function parametersIn(publicKey: Buffer): LmsParameters {
  return parametersOf(publicKey.readUInt32BE(4), publicKey.readUInt32BE(8))!;
}

/** Everything that must not be changed without the passphrase, in one order. */
function authenticated(document: Pick<KeyDocument, "version" | "slot" | "publicKey" | "next" | "scrypt">): Buffer {
  const { version, slot, publicKey, next, scrypt } = document;
  const { N, r, p, salt } = scrypt;
  return Buffer.from(JSON.stringify([FORMAT, version, slot, publicKey, next, N, r, p, salt]));
}

function unseal(document: KeyDocument, key: Buffer, name: string): Buffer {
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(document.nonce, "base64"), { authTagLength: 16 })
    .setAAD(authenticated(document))
    .setAuthTag(Buffer.from(document.tag, "base64"));
  try {
    return Buffer.concat([decipher.update(Buffer.from(document.seed, "base64")), decipher.final()]);
  } catch {
    throw passphraseWrong(name);
  }
}

function wrappingKey(passphrase: string, salt: Buffer, { N, r, p }: ScryptCost): Buffer {
  return scryptSync(passphrase.normalize("NFC"), salt, 32, { N, r, p, maxmem: 256 * N * r });
}
