import { expect, test } from "vitest";
import { crc8Maxim, crc8Nrsc5 } from "../../lib/core/crc8.js";

const digits = Uint8Array.from("123456789", (digit) => digit.charCodeAt(0));

test("CRC-8 gives the catalogue's check values, and the datasheets'", () => {
  expect(crc8Nrsc5(digits, 0, 9)).toBe(0xf7);
  expect(crc8Maxim(digits, 0, 9)).toBe(0xa1);
  // "SHT4x" version 6, §4.4.
  expect(crc8Nrsc5(Uint8Array.of(0xbe, 0xef), 0, 2)).toBe(0x92);
  // Maxim application note 27: the ROM code 02 1C B8 01 00 00 00 has the CRC A2.
  expect(crc8Maxim(Uint8Array.of(0x02, 0x1c, 0xb8, 0x01, 0, 0, 0), 0, 7)).toBe(0xa2);
});

test("CRC-8 takes the part of an array that it is given, and a checksum behind its bytes gives zero", () => {
  expect(crc8Nrsc5(Uint8Array.of(9, 0xbe, 0xef, 9), 1, 3)).toBe(0x92);
  expect(crc8Maxim(Uint8Array.of(0x02, 0x1c, 0xb8, 0x01, 0, 0, 0, 0xa2), 0, 8)).toBe(0);
});
