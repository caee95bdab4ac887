import { copyBytes, equalBytes } from "../core/bytes.js";
import type { Digest } from "../hal/digest.js";
import { decodeHeatshrink } from "./heatshrink.js";
import { BLOCK_HASH_BYTES, Field, type Manifest } from "./manifest.js";

/**
 * Unpacks a piece of an image. Each piece is compressed by itself, or not at all where that made it no smaller.
 * @param bytes may be hostile from `start` to `end`
 * @param piece as long as the piece is in the image
 * @returns false where the bytes are not such a piece
 */
export function unpackPiece(
  manifest: Manifest,
  bytes: Uint8Array,
  start: number,
  end: number,
  piece: Uint8Array,
): boolean {
  if (end - start !== piece.length)
    return manifest[Field.COMPRESSION] > 0 && decodeHeatshrink(bytes, start, end, piece);
  copyBytes(bytes, start, piece, 0, piece.length);
  return true;
}

/** True where `block` is block `index` of the image, whole. */
export function isBlock(manifest: Manifest, digest: Digest, index: number, block: Uint8Array): boolean {
  return hashesTo(digest, block, manifest[Field.BLOCK_HASHES], index * BLOCK_HASH_BYTES, BLOCK_HASH_BYTES);
}

/** True where the SHA-256 of `bytes` begins with the `count` bytes of `hashes` from `at` on. */
export function hashesTo(digest: Digest, bytes: Uint8Array, hashes: Uint8Array, at: number, count: number): boolean {
  return equalBytes(digest.sha256(bytes), 0, hashes, at, count);
}
