import { copyBytes } from "../core/bytes.js";
import type { Digest } from "../hal/digest.js";

const BLOCK_BYTES = 64;

/**
 * HMAC-SHA-256 (RFC 2104) of `bytes[start, end)`: 32 bytes.
 * @param key at most 64 bytes
 */
export function hmac(digest: Digest, key: Uint8Array, bytes: Uint8Array, start: number, end: number): Uint8Array {
  const inner = new Uint8Array(BLOCK_BYTES + end - start);
  const outer = new Uint8Array(BLOCK_BYTES + 32);
  for (let i = 0; i < BLOCK_BYTES; i++) {
    inner[i] = key[i]! ^ 0x36;
    outer[i] = key[i]! ^ 0x5c;
  }
  copyBytes(bytes, start, inner, BLOCK_BYTES, end - start);
  outer.set(digest.sha256(inner), BLOCK_BYTES);
  return digest.sha256(outer);
}
