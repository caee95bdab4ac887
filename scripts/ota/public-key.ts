import { keyDamaged } from "../errors/ota.js";
import { peekKeyFile } from "./key-file.js";
import { isDeviceKey } from "./lms/hss.js";
import { parametersOf } from "./lms/parameters.js";

const FORMAT = "sertao-ota-public-key";

/** A public key and the slot it was made for. */
export interface PublicKey {
  readonly slot: "working" | "spare";
  /** HSS public key, 60 bytes. */
  readonly publicKey: Uint8Array;
}

/** The bytes of a `.pub` file. */
export function encodePublicKey(slot: "working" | "spare", publicKey: Uint8Array): Buffer {
  const document = { format: FORMAT, version: 1, slot, publicKey: Buffer.from(publicKey).toString("base64") };
  return Buffer.from(`${JSON.stringify(document)}\n`);
}

/**
 * The public key in a `.pub` file, or in a key file.
 * @param name of the file, for errors
 * @throws SertaoError OTA_KEY_DAMAGED
 */
export function decodePublicKey(bytes: Uint8Array, name: string): PublicKey {
  let document: { format?: unknown; slot?: unknown; publicKey?: unknown } | null;
  try {
    document = JSON.parse(Buffer.from(bytes).toString("utf8")) as typeof document;
  } catch {
    throw keyDamaged(name, "it is not JSON");
  }
  if (document?.format !== FORMAT) return peekKeyFile(bytes, name);
  const { slot, publicKey } = document;
  const key = typeof publicKey === "string" ? Buffer.from(publicKey, "base64") : undefined;
  if ((slot !== "working" && slot !== "spare") || key === undefined || !isDeviceKey(key))
    throw keyDamaged(name, "it holds no public key");
  return { slot, publicKey: key };
}

/** Signatures that a key has left at most once an index of it is used, and that it had. */
export function signaturesAfter(
  { slot, publicKey }: PublicKey,
  index: number,
): { readonly slot: "working" | "spare"; readonly left: number; readonly of: number } {
  const words = Buffer.from(publicKey);
  const { height } = parametersOf(words.readUInt32BE(4), words.readUInt32BE(8))!;
  const of = 2 ** height;
  return { slot, left: of - index - 1, of };
}
