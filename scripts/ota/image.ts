import { BLOCK_HASH_BYTES, MAX_BLOCKS, PIECE_BYTES } from "../../lib/update/manifest.js";
import { encodeHeatshrink } from "./heatshrink.js";
import { sha256 } from "./node-digest.js";
import type { UpdateImage } from "./update-manifest.js";

/** Bytes of a block: 1,024, or as many times that as keeps the list of hashes within 1 KB. */
export function blockBytesFor(imageBytes: number): number {
  let blockBytes = PIECE_BYTES;
  while (Math.ceil(imageBytes / blockBytes) > MAX_BLOCKS) blockBytes *= 2;
  return blockBytes;
}

/** Describes the bytes of an update. */
export function describeImage(bytes: Uint8Array, compression: UpdateImage["compression"]): UpdateImage {
  const blockBytes = blockBytesFor(bytes.length);
  const hashes: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += blockBytes)
    hashes.push(sha256(bytes.subarray(at, at + blockBytes)).subarray(0, BLOCK_HASH_BYTES));
  const [digest, blockHashes] = [sha256(bytes), Buffer.concat(hashes)].map((bytes) => Uint8Array.from(bytes));
  return { bytes: bytes.length, digest: digest!, blockBytes, blockHashes: blockHashes!, compression };
}

/**
 * The pieces of an image as they travel: each by itself, compressed where that makes it smaller, so that a device can
 * take any of them first and needs no more memory than for one.
 */
export function packPieces(bytes: Uint8Array, compression: UpdateImage["compression"]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    const packed = compression === "heatshrink" ? encodeHeatshrink(piece) : piece;
    pieces.push(packed.length < piece.length ? packed : piece);
  }
  return pieces;
}
