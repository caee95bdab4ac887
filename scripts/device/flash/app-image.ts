import { createHash } from "node:crypto";

/** What the header of an image says (Espressif, Firmware Image Format). */
export interface ImageHeader {
  /** Chip that it was built for: 0 ESP32, 5 ESP32-C3, 9 ESP32-S3. */
  readonly chipId: number;
  /** Bytes from the header to the digest; a file may go on behind. */
  readonly bytes: number;
}

const MAGIC = 0xe9;
const HEADER_BYTES = 24;
const MAX_SEGMENTS = 16;
const SEGMENT_HEADER_BYTES = 8;
const CHECKSUM_SEED = 0xef;
const DIGEST_BYTES = 32;

/**
 * Checks an image for Espressif's bootloader as the chip itself does: magic byte, segments, checksum, digest.
 * @returns its header, or what is wrong with it
 */
export function readImage(image: Uint8Array): ImageHeader | string {
  if (image.length < HEADER_BYTES) return "it is too short for an image";
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  if (image[0] !== MAGIC) return `it is no image: it begins with 0x${hex(image[0]!)}, not 0x${hex(MAGIC)}`;
  const segments = image[1]!;
  if (segments === 0 || segments > MAX_SEGMENTS) return `it has ${segments} segments`;
  let at = HEADER_BYTES;
  let checksum = CHECKSUM_SEED;
  for (let segment = 0; segment < segments; segment++) {
    if (at + SEGMENT_HEADER_BYTES > image.length) return "it ends inside a segment";
    const end = at + SEGMENT_HEADER_BYTES + view.getUint32(at + 4, true);
    if (end > image.length) return "it ends inside a segment";
    for (let i = at + SEGMENT_HEADER_BYTES; i < end; i++) checksum ^= image[i]!;
    at = end;
  }
  // The checksum is the last byte of the 16 that the segments end in.
  at += 16 - (at % 16);
  if (at > image.length) return "it ends before its checksum";
  if (image[at - 1] !== checksum) return "its checksum is wrong";
  const hasDigest = image[23] === 1;
  if (hasDigest) {
    if (at + DIGEST_BYTES > image.length) return "it ends before its digest";
    const digest = createHash("sha256").update(image.subarray(0, at)).digest();
    if (!digest.equals(image.subarray(at, at + DIGEST_BYTES))) return "its SHA-256 is wrong";
    at += DIGEST_BYTES;
  }
  return { chipId: view.getUint16(12, true), bytes: at };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
