/** CRC-32 in C: stands in for lib/core/crc32.ts in bundles for this engine. */
export function crc32(bytes: Uint8Array): number {
  return E.CRC32(bytes);
}
