import type { Digest } from "../../../lib/hal/digest.js";

/** The firmware's SHA-256; undefined where it has none. */
export function espruinoDigest(): Digest | undefined {
  let sha256: ((data: Uint8Array) => ArrayBuffer) | undefined;
  try {
    sha256 = require("crypto").SHA256;
  } catch (_) {
    // No such module in this firmware.
  }
  return sha256 && { sha256: (bytes) => new Uint8Array(sha256!(bytes)) };
}
