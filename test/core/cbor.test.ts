import { decode } from "cbor-x";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CborReader } from "../../lib/core/cbor-reader.js";
import { CborWriter } from "../../lib/core/cbor-writer.js";

type Item = number | string | Uint8Array | Item[];

const item = fc.letrec<{ item: Item }>((tie) => ({
  item: fc.oneof(
    { depthSize: "small" },
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
    fc.string({ unit: "grapheme-ascii", maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("item"), { maxLength: 30 }),
  ),
})).item;

function write(writer: CborWriter, value: Item): void {
  if (typeof value === "number") writer.number(value);
  else if (typeof value === "string") writer.text(value);
  else if (value instanceof Uint8Array) writer.byteString(value, 0, value.length);
  else {
    writer.array(value.length);
    for (const inner of value) write(writer, inner);
  }
}

/** What a device reads: no floats and no negative numbers. */
const received = fc.letrec<{ item: Item }>((tie) => ({
  item: fc.oneof(
    { depthSize: "small" },
    fc.maxSafeNat(),
    fc.string({ unit: "grapheme-ascii", maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("item"), { maxLength: 30 }),
  ),
})).item;

function read(reader: CborReader, like: Item): Item {
  if (!Array.isArray(like)) return reader.scalar();
  const count = reader.array();
  return like.slice(0, count).map((inner) => read(reader, inner));
}

/** What the writer keeps of a value: whole numbers exactly (-0 as 0), others as singles. */
function plain(value: Item): Item {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value !== "number" ? value : Number.isInteger(value) ? value + 0 : Math.fround(value);
}

test("an independent decoder reads what the writer wrote", () => {
  fc.assert(
    fc.property(item, (value) => {
      const writer = new CborWriter(new Uint8Array(1 << 20));
      write(writer, value);
      expect(writer.overflow).toBe(false);
      const back = decode(writer.bytes.slice(0, writer.length)) as unknown;
      expect(JSON.stringify(comparable(back))).toBe(JSON.stringify(comparable(plain(value))));
    }),
  );
});

function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString("hex")}'`;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === "bigint") return String(value);
  return typeof value === "number" ? String(value) : value;
}

test("the reader reads what a device receives", () => {
  fc.assert(
    fc.property(received, (value) => {
      const writer = new CborWriter(new Uint8Array(1 << 20));
      write(writer, value);
      const reader = new CborReader(writer.bytes, 0, writer.length);
      expect(comparable(read(reader, value))).toEqual(comparable(value));
      expect([reader.failed, reader.at]).toEqual([false, writer.length]);
    }),
  );
});

test("the examples of RFC 8949 appendix A", () => {
  const examples: [number, string][] = [
    [0, "00"],
    [23, "17"],
    [24, "1818"],
    [1000, "1903e8"],
    [1000000, "1a000f4240"],
    [1000000000000, "1b000000e8d4a51000"],
    [-1, "20"],
    [-1000, "3903e7"],
    [1.5, "f93e00"],
    [100000.5, "fa47c35040"],
  ];
  for (const [value, hex] of examples) {
    const writer = new CborWriter(new Uint8Array(9));
    writer.number(value);
    expect(Buffer.from(writer.bytes.subarray(0, writer.length)).toString("hex")).toBe(hex);
    const reader = new CborReader(Buffer.from(hex, "hex"), 0, hex.length / 2);
    if (value >= 0 && Number.isInteger(value)) expect(reader.unsigned()).toBe(value);
  }
});

test("a buffer too small sets overflow and is never written past", () => {
  fc.assert(
    fc.property(item, fc.nat(64), (value, size) => {
      const bytes = new Uint8Array(size + 8).fill(0xaa);
      const writer = new CborWriter(bytes.subarray(0, size));
      write(writer, value);
      expect(writer.length).toBeLessThanOrEqual(size);
      expect([...bytes.subarray(size)]).toEqual(new Array(8).fill(0xaa));
    }),
  );
});

test("hostile bytes never throw and never lead outside the message", () => {
  const calls = ["array", "map", "unsigned", "scalar"] as const;
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.constantFrom(...calls), { maxLength: 12 }),
      (bytes, sequence) => {
        const reader = new CborReader(bytes, 0, bytes.length);
        for (const call of sequence) reader[call]();
        expect(reader.at).toBeLessThanOrEqual(bytes.length);
      },
    ),
    { numRuns: 2000 },
  );
});
