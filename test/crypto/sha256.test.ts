import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmac } from "../../lib/crypto/hmac.js";
import { portableDigest, Sha256 } from "../../lib/crypto/sha256.js";
import { nodeDigest } from "../../scripts/ota/node-digest.js";

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

describe("portable SHA-256", () => {
  const digest = portableDigest();

  it("agrees with Node's for every length around a block, one after another", () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Buffer.alloc(length, length);
      expect(Buffer.from(digest.sha256(bytes)), `${length} bytes`).toEqual(sha256(bytes));
    }
  });

  it("takes a message in any pieces", () => {
    const hash = new Sha256();
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 6 }), (pieces) => {
        for (const piece of pieces) hash.update(piece, 0, piece.length);
        expect(Buffer.from(hash.finish())).toEqual(sha256(Buffer.concat(pieces)));
      }),
      { seed: 8554, numRuns: 200 },
    );
  });
});

describe("HMAC-SHA-256", () => {
  // RFC 4231, test cases 1 to 4: keys of at most 64 bytes.
  const cases: [key: Buffer, data: Buffer, mac: string][] = [
    [
      Buffer.alloc(20, 0x0b),
      Buffer.from("Hi There"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      Buffer.from("Jefe"),
      Buffer.from("what do ya want for nothing?"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      Buffer.alloc(20, 0xaa),
      Buffer.alloc(50, 0xdd),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ],
    [
      Buffer.from(Array.from({ length: 25 }, (_, i) => i + 1)),
      Buffer.alloc(50, 0xcd),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ],
  ];

  it.each(cases)("gives the MACs of RFC 4231, with either digest (%#)", (key, data, mac) => {
    for (const digest of [nodeDigest, portableDigest()])
      expect(Buffer.from(hmac(digest, key, data, 0, data.length)).toString("hex")).toBe(mac);
    expect(createHmac("sha256", key).update(data).digest("hex")).toBe(mac);
  });
});
