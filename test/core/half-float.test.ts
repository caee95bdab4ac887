import { decode } from "cbor-x";
import fc from "fast-check";
import { expect, test } from "vitest";
import { float32Bits, halfBits } from "../../lib/core/half-float.js";

/** What an independent decoder takes 16 bits for. */
function fromHalf(word: number): number {
  return decode(new Uint8Array([0xf9, word >> 8, word & 255])) as number;
}

test("every normal half is found, and nothing else counts as one", () => {
  for (let word = 0; word < 65536; word++) {
    const exponent = (word >> 10) & 31;
    const expected = exponent === 0 || exponent === 31 ? -1 : word;
    expect(halfBits(fromHalf(word))).toBe(expected);
  }
});

test("a number is given as a half only where the half is its single", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const word = halfBits(value);
      if (word >= 0) expect(fromHalf(word)).toBe(Math.fround(value));
    }),
  );
  for (const value of [1.1, 65536, 2049, 1e-8]) expect(halfBits(value)).toBe(-1);
});

test("float32Bits are the bits of the nearest single", () => {
  const view = new DataView(new ArrayBuffer(4));
  fc.assert(
    fc.property(fc.double(), (value) => {
      view.setFloat32(0, value);
      expect(float32Bits(value)).toBe(view.getInt32(0));
    }),
  );
});
