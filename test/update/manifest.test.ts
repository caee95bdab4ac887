import { Decoder, Encoder } from "cbor-x";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { blockCount, Field, readManifest, type Manifest } from "../../lib/update/manifest.js";
import { blockBytesFor, describeImage } from "../../scripts/ota/image.js";
import { decodeManifest, encodeManifest } from "../../scripts/ota/manifest.js";
import type { UpdateManifest } from "../../scripts/ota/update-manifest.js";
import { anyManifest } from "./manifests.js";

const SEED = 9124;
const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });
const decoder = new Decoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

const read = (bytes: Uint8Array): Manifest | ErrorCode => readManifest(bytes, 0, bytes.length);
const model: UpdateManifest = {
  kind: "model",
  sequence: 7,
  application: "orchard-frost",
  boards: ["esp32", "esp32c3"],
  image: describeImage(Buffer.alloc(20480, 1), "none"),
  model: { arenaBytes: 600, operators: [1, 4], inputBytes: 4, outputBytes: 1, goldens: 2 },
};
const map = (bytes: Uint8Array): Map<number, unknown> => decoder.decode(bytes) as Map<number, unknown>;

describe("manifests", () => {
  it("come back as they were written, and are read by a device", () => {
    fc.assert(
      fc.property(anyManifest, (manifest) => {
        const bytes = encodeManifest(manifest);
        expect(decodeManifest(bytes)).toEqual(manifest);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it("have one encoding: ascending keys, shortest heads, nothing that says nothing", () => {
    fc.assert(
      fc.property(anyManifest, (manifest) => {
        const bytes = encodeManifest(manifest);
        const pairs = [...map(bytes)];
        expect(pairs.map(([key]) => key)).toEqual(pairs.map(([key]) => key).sort((a, b) => a - b));
        expect(Buffer.from(bytes)).toEqual(encoder.encode(map(bytes)));
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it("have 64 blocks at most, of 1 KB or as many times that as needed", () => {
    expect([1, 1024, 65536, 65537, 131073, 393216].map(blockBytesFor)).toEqual([1024, 1024, 1024, 2048, 4096, 8192]);
    const bytes = encodeManifest({ ...model, image: describeImage(Buffer.alloc(393216), "none") });
    expect(bytes.length).toBeLessThan(1100);
    expect(blockCount(read(bytes) as Manifest)).toBe(48);
    expect(encodeManifest(model).length).toBeLessThan(450);
  });

  it("of a later version are refused as such, and their further keys passed over", () => {
    const later = map(encodeManifest(model));
    later.set(30, "something new");
    later.set(31, Buffer.alloc(4));
    expect((read(encoder.encode(later)) as Manifest)[Field.SEQUENCE]).toBe(7);
    later.set(0, 2);
    expect(read(encoder.encode(later))).toBe(ErrorCode.UPDATE_VERSION);
  });
});

describe("readManifest", () => {
  const wrong: [string, number, unknown][] = [
    ["no sequence", 2, 0],
    ["a sequence of 33 bits", 2, 2 ** 32],
    ["an unknown kind", 1, 4],
    ["no image", 7, 0],
    ["a block of no bytes", 9, 0],
    ["a block that is no whole number of pieces", 9, 1000],
    ["fewer hashes than blocks", 10, Buffer.alloc(16 * 19)],
    ["more hashes than blocks", 10, Buffer.alloc(16 * 21)],
    ["a digest that is too short", 8, Buffer.alloc(31)],
    ["an unknown compression", 11, 2],
    ["a number for a text", 3, 5],
    ["a text for a number", 12, "much"],
    ["a list", 13, [1, 2]],
    ["a negative number", 12, -1],
    ["a fraction", 12, 1.5],
  ];
  it.each(wrong)("refuses %s", (_, key, value) => {
    const changed = map(encodeManifest(model));
    changed.set(key, value);
    expect(read(encoder.encode(changed))).toBe(ErrorCode.UPDATE_MALFORMED);
  });

  it("refuses more than 64 blocks, key slots beyond two and keys of another length", () => {
    const many = map(encodeManifest(model));
    many.set(7, 65 * 1024);
    many.set(10, Buffer.alloc(16 * 65));
    expect(read(encoder.encode(many))).toBe(ErrorCode.UPDATE_MALFORMED);
    const revoke = map(encodeManifest({ kind: "key", sequence: 9, key: { slot: "spare" } }));
    for (const [key, value] of [
      [22, 2],
      [23, Buffer.alloc(59)],
    ] as const)
      expect(read(encoder.encode(new Map([...revoke, [key, value]])))).toBe(ErrorCode.UPDATE_MALFORMED);
  });

  it("never throws and never reads outside, whatever the bytes: noise, cuts and changes of good ones", () => {
    let refused = 0;
    const check = (bytes: Uint8Array): void => {
      const surroundings = [0, 255].map((fill) => {
        const whole = new Uint8Array(bytes.length + 64).fill(fill);
        whole.set(bytes, 32);
        return readManifest(whole, 32, 32 + bytes.length);
      });
      expect(surroundings[0]).toEqual(surroundings[1]);
      const [result] = surroundings;
      if (typeof result === "number") {
        refused++;
        expect([ErrorCode.UPDATE_MALFORMED, ErrorCode.UPDATE_VERSION]).toContain(result);
      } else if (result![Field.KIND] < 3) expect(result![Field.BLOCK_HASHES].length).toBe(16 * blockCount(result!));
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { seed: SEED, numRuns: 2000 });
    fc.assert(
      fc.property(anyManifest, fc.nat(), fc.nat(255), fc.boolean(), (manifest, place, byte, cut) => {
        const bytes = Uint8Array.from(encodeManifest(manifest));
        // Most of a manifest is hashes: half of the changes go to what is before them.
        const at = place % (place & 1 ? bytes.length : Math.min(60, bytes.length));
        if (cut) return check(bytes.subarray(0, at));
        bytes[at] = byte;
        check(bytes);
      }),
      { seed: SEED, numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(2500);
  });
});

describe("encodeManifest", () => {
  const { image, model: needs } = model;
  const wrong: [string, Partial<UpdateManifest>][] = [
    ["sequence", { sequence: 0 }],
    ["sequence", { sequence: 1.5 }],
    ["name of an application", { application: "Orchard" }],
    ["no board", { boards: ["esp31"] }],
    ["no device id", { device: "Tree 7" }],
    ["no version", { runtime: "1.2" }],
    ["no version", { runtime: "1.256.0" }],
    ["label", { label: "Größe" }],
    ["own companion", { companion: 7 }],
    ["not a count", { trial: { crashes: -1 } }],
    ["model needs", { model: undefined as never }],
    ["no image", { image: undefined as never }],
    ["input or output", { model: { ...needs!, outputBytes: 0 } }],
    ["only an update of kind key", { key: { slot: "spare" } }],
    ["no key slot", { kind: "key" }],
    ["nothing but a slot", { kind: "key", key: { slot: "spare" } }],
    ["configuration", { kind: "config" }],
    ["device would refuse", { image: { ...image!, blockHashes: new Uint8Array(16) } }],
  ];
  it.each(wrong)("refuses a manifest for its %s", (problem, change) => {
    expect(() => encodeManifest({ ...model, ...change })).toThrow(problem);
  });

  it("refuses a new key that no device could use", () => {
    const newKey = new Uint8Array(60);
    expect(() => encodeManifest({ kind: "key", sequence: 1, key: { slot: "working", newKey } })).toThrow("new key");
  });
});
