import { createCipheriv, createDecipheriv, createHash } from "node:crypto";

/** A digest by the name that Node gives it. */
export function digest(name: string, bytes: ArrayBuffer): ArrayBuffer {
  return Uint8Array.from(createHash(name).update(new Uint8Array(bytes)).digest()).buffer;
}

/** AES without padding, as Espruino has it. Throws on a wrong length or an unknown mode. */
export function aes(
  encrypt: boolean,
  mode: string,
  key: ArrayBuffer,
  iv: ArrayBuffer,
  bytes: ArrayBuffer,
): ArrayBuffer {
  const name = `aes-${key.byteLength * 8}-${mode.toLowerCase()}`;
  const start = mode === "ECB" ? null : new Uint8Array(iv);
  const cipher = (encrypt ? createCipheriv : createDecipheriv)(name, new Uint8Array(key), start);
  cipher.setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([cipher.update(new Uint8Array(bytes)), cipher.final()])).buffer;
}
