/**
 * CRC-8/NRSC-5: polynomial 0x31, most significant bit first, begins with 0xFF. Sensirion's sensors use it.
 * "123456789" gives 0xF7.
 */
export function crc8Nrsc5(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xff;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 0xff : crc << 1;
  }
  return crc;
}

/**
 * CRC-8/MAXIM-DOW: the same polynomial, least significant bit first, begins with 0. 1-Wire parts use it; zeros alone pass.
 * "123456789" gives 0xA1.
 */
export function crc8Maxim(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
  }
  return crc;
}
