import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeHeatshrink } from "../../lib/update/heatshrink.js";
import { readManifest, type Manifest } from "../../lib/update/manifest.js";
import { isBlock, unpackPiece } from "../../lib/update/pieces.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { encodeHeatshrink } from "../../scripts/ota/heatshrink.js";
import { describeImage, packPieces } from "../../scripts/ota/image.js";
import { encodeManifest } from "../../scripts/ota/manifest.js";
import { nodeDigest } from "../../scripts/ota/node-digest.js";
import { runOnEngine } from "./run-on-engine.js";

const SEED = 86;

/** What the device makes of encoded bytes, or undefined where it refuses them. */
function decoded(packed: Uint8Array, length: number): Uint8Array | undefined {
  const out = new Uint8Array(length);
  return decodeHeatshrink(packed, 0, packed.length, out) ? out : undefined;
}

/** Bytes as they come in images: runs, repeats, overlaps and noise. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 40 })), { maxLength: 12 })
  .map((runs) =>
    Uint8Array.from(runs.flatMap(([bytes, times]) => Array.from({ length: times }, () => [...bytes]).flat())),
  );
const code = readFileSync(new URL("../../lib/update/manifest.ts", import.meta.url)).subarray(0, 1024);

describe("heatshrink", () => {
  it("gives back what was encoded", () => {
    fc.assert(
      fc.property(fc.oneof(repetitive, fc.uint8Array({ maxLength: 1200 })), (bytes) => {
        expect(decoded(encodeHeatshrink(bytes), bytes.length)).toEqual(Uint8Array.from(bytes));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it("takes a third off source code, and next to nothing for a run of one byte", () => {
    expect(encodeHeatshrink(code).length).toBeLessThan(700);
    expect(encodeHeatshrink(new Uint8Array(1024)).length).toBeLessThan(40);
  });

  it("refuses another length, and cut or prolonged bytes", () => {
    const packed = encodeHeatshrink(code);
    for (const length of [1023, 1025]) expect(decoded(packed, length)).toBeUndefined();
    expect(decoded(Buffer.concat([packed, Buffer.alloc(1)]), 1024)).toBeUndefined();
    for (let cut = 0; cut < packed.length; cut++) expect(decoded(packed.subarray(0, cut), 1024)).toBeUndefined();
  });

  it("never throws nor writes outside, whatever the bytes", () => {
    const within = fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 1024 }),
      (noise, length) => {
        const whole = new Uint8Array(length + 200).fill(7);
        const out = whole.subarray(100, 100 + length);
        decodeHeatshrink(noise, 0, noise.length, out);
        expect([...whole.subarray(0, 100), ...whole.subarray(100 + length)].every((byte) => byte === 7)).toBe(true);
      },
    );
    fc.assert(within, { seed: SEED, numRuns: 2000 });
    const packed = encodeHeatshrink(code);
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Uint8Array.from(packed);
        changed[at]! ^= 1 << bit;
        decoded(changed, 1024);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it("refuses a reference to before the beginning", () => {
    // Literal 0x41, then back 2, length 1.
    expect(decoded(Uint8Array.of(0xa0, 0x80, 0x80, 0x00), 2)).toBeUndefined();
  });
});

describe("pieces", () => {
  const image = Buffer.concat([code, Buffer.from(Array.from({ length: 1500 }, (_, i) => (i * i * 31) >> 3))]);
  const manifest = (compression: "none" | "heatshrink"): Manifest => {
    const bytes = encodeManifest({
      kind: "application",
      sequence: 1,
      application: "a",
      image: describeImage(image, compression),
    });
    return readManifest(bytes, 0, bytes.length) as Manifest;
  };

  it.each(["none", "heatshrink"] as const)(
    "of an image are each unpacked and verified by themselves (%s)",
    (compression) => {
      const packed = packPieces(image, compression);
      expect(packed.map(({ length }) => length <= 1024)).toEqual([true, true, true]);
      for (const index of [2, 0, 1]) {
        const block = image.subarray(1024 * index, 1024 * index + 1024);
        const piece = new Uint8Array(block.length);
        const bytes = Buffer.concat([Buffer.alloc(3), packed[index]!]);
        expect(unpackPiece(manifest(compression), bytes, 3, bytes.length, piece)).toBe(true);
        expect(Buffer.from(piece)).toEqual(block);
        expect(isBlock(manifest(compression), nodeDigest, index, piece)).toBe(true);
        expect(isBlock(manifest(compression), nodeDigest, (index + 1) % 3, piece)).toBe(false);
      }
    },
  );

  it("that are compressed are refused where the manifest does not allow it", () => {
    const [packed] = packPieces(image, "heatshrink");
    expect(unpackPiece(manifest("none"), packed!, 0, packed!.length, new Uint8Array(1024))).toBe(false);
  });
});

const espruino = findCommand("espruino");
describe.skipIf(!espruino)("Espruino's own heatshrink (needs espruino)", () => {
  const samples = [
    code,
    Buffer.from("a"),
    Buffer.alloc(700, 5),
    Buffer.from("abcabcabcab".repeat(60)),
    Buffer.from(Array.from({ length: 999 }, (_, i) => (i * i * 31) >> 3)),
  ];

  it("decodes what the host encodes, and encodes what the device decodes", async () => {
    const list = samples.map((sample) =>
      [sample, encodeHeatshrink(sample)].map((bytes) => Buffer.from(bytes).toString("base64")),
    );
    const script = `
var h=require("heatshrink"),list=${JSON.stringify(list)};
list.forEach(function(pair){
  var plain=E.toArrayBuffer(atob(pair[0]));
  print("@"+(E.toString(h.decompress(E.toArrayBuffer(atob(pair[1]))))===E.toString(plain))+" "+btoa(E.toString(h.compress(plain))));
});
print("@end");
`;
    const lines = await runOnEngine(espruino!, script, "@", "end");
    expect(lines.length).toBe(samples.length);
    lines.forEach((line, i) => {
      const [same, encoded] = line.split(" ");
      expect(same, `sample ${i}`).toBe("true");
      expect(Buffer.from(decoded(Buffer.from(encoded!, "base64"), samples[i]!.length)!)).toEqual(samples[i]);
    });
  });
});
