import { crc32 as reference } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "../../lib/core/crc32.js";

test("equals zlib's CRC-32, whole or continued from any cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, at) => {
      const cut = Math.min(at, bytes.length);
      expect(crc32(bytes, 0, bytes.length, 0)).toBe(reference(bytes));
      expect(crc32(bytes, cut, bytes.length, crc32(bytes, 0, cut, 0))).toBe(reference(bytes));
    }),
  );
});

test("the check value of the catalogue", () => {
  expect(crc32(new TextEncoder().encode("123456789"), 0, 9, 0)).toBe(0xcbf43926);
});
