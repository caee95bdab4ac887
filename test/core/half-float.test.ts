import fc from "fast-check";
import { expect, test } from "vitest";
import { fitsFloat32, halfBits, halfFromBits } from "../../lib/core/half-float.js";

test("every half survives the way to a number and back", () => {
  for (let word = 0; word < 65536; word++) {
    const value = halfFromBits(word);
    if (Number.isNaN(value)) expect(halfBits(value)).toBe(0x7e00);
    else expect(halfBits(value)).toBe(word);
  }
});

test("known values: RFC 8949 appendix A", () => {
  expect(halfFromBits(0x3c00)).toBe(1);
  expect(halfFromBits(0x7bff)).toBe(65504);
  expect(halfFromBits(0x0001)).toBe(5.960464477539063e-8);
  expect(halfFromBits(0x0400)).toBe(0.00006103515625);
  expect(halfFromBits(0xc400)).toBe(-4);
});

test("a number is given as a half only where that is exact", () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const word = halfBits(value);
      if (word >= 0 && !Number.isNaN(value)) expect(halfFromBits(word)).toBe(value);
    }),
  );
  expect(halfBits(1.1)).toBe(-1);
  expect(halfBits(65536)).toBe(-1);
  expect(halfBits(2049)).toBe(-1);
});

test("fitsFloat32 says whether a single holds the number", () => {
  expect(fitsFloat32(0.1)).toBe(false);
  expect(fitsFloat32(Math.fround(0.1))).toBe(true);
  expect(fitsFloat32(NaN)).toBe(true);
});
