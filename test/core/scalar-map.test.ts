import { Encoder } from "cbor-x";
import { expect, test } from "vitest";
import { CborReader } from "../../lib/core/cbor-reader.js";
import { readScalars } from "../../lib/core/scalar-map.js";

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

/** Values and answer for a map, where key 0 is a number, 1 a text and 2 bytes. */
function read(pairs: [unknown, unknown][], cut = 0): { answer: number; values: unknown[] } {
  const bytes = Uint8Array.from(encoder.encode(new Map(pairs)));
  const values: unknown[] = [7, "seven", new Uint8Array(0)];
  return { answer: readScalars(new CborReader(bytes, 0, bytes.length - cut), values), values };
}

test("values of the right type are taken, others keep what they were, later keys are passed over", () => {
  const { answer, values } = read([
    [1, "text"],
    [9, "later"],
    [2, Buffer.from([1, 2])],
    [300, 5],
  ]);
  expect([answer, values]).toEqual([-1, [7, "text", Uint8Array.of(1, 2)]]);
});

test("a value of another type names its key, and what is no such map names a position", () => {
  expect(read([[1, 5]]).answer).toBe(1);
  expect(read([[0, "five"]]).answer).toBe(0);
  expect(read([[5, [1]]]).answer).toBeGreaterThanOrEqual(0);
  expect(read([[-1, 1]]).answer).toBeGreaterThanOrEqual(0);
  expect(read([[0, 1000]], 1).answer).toBeGreaterThanOrEqual(0);
  expect(readScalars(new CborReader(Uint8Array.of(0x80), 0, 1), [])).toBe(0);
});

test("a byte string can be passed over where it lies", () => {
  const reader = new CborReader(Uint8Array.of(0x43, 1, 2, 3, 0x44, 1), 0, 6);
  expect([reader.byteString(), reader.at, reader.failed]).toEqual([3, 4, false]);
  expect([reader.byteString(), reader.failed]).toEqual([0, true]);
});
