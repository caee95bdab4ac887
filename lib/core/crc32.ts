// Sixteen entries instead of 256: a nibble at a time costs twice the steps and saves 240 numbers of device memory.
const TABLE = /*@__PURE__*/ nibbles();

/** Made at start: the numbers themselves would be as long as the rest of this file. */
function nibbles(): Int32Array {
  const table = new Int32Array(16);
  for (let nibble = 0; nibble < 16; nibble++) {
    let crc = nibble;
    for (let bit = 0; bit < 4; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    table[nibble] = crc;
  }
  return table;
}

/**
 * CRC-32 (ISO-HDLC, reflected polynomial 0xEDB88320: zlib, PNG, RFC 1952) of all the bytes, as an unsigned number. The
 * bundle takes the engine's own where it has one (firmware/platform/espruino/crc32.ts).
 */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i]!;
    crc = (crc >>> 4) ^ TABLE[crc & 15]!;
    crc = (crc >>> 4) ^ TABLE[crc & 15]!;
  }
  return ~crc >>> 0;
}
