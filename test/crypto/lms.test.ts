import { describe, expect, it } from "vitest";
import type { Digest } from "../../lib/hal/digest.js";
import { LmsVerifier, MESSAGE_AT, MORE } from "../../lib/crypto/lms.js";
import { verifyHss, verifyLms } from "../../scripts/ota/lms/hss.js";
import type { LmsParameters, LmsWindow } from "../../scripts/ota/lms/parameters.js";
import { signatureBytes } from "../../scripts/ota/lms/parameters.js";
import { LmsPrivateKey } from "../../scripts/ota/lms/private-key.js";
import { makeLeaves } from "../../scripts/ota/lms/tree.js";
import { nodeDigest } from "../../scripts/ota/node-digest.js";
import { testCase, vector } from "./rfc8554.js";
import { seededBytes } from "./seeded-bytes.js";

/** A digest that counts its calls. */
function counting(): Digest & { calls: number } {
  const digest = { calls: 0, sha256: (bytes: Uint8Array): Uint8Array => (digest.calls++, nodeDigest.sha256(bytes)) };
  return digest;
}

function privateKey(parameters: LmsParameters, identifier: Uint8Array, seed: Uint8Array): LmsPrivateKey {
  return new LmsPrivateKey(parameters, identifier, seed, makeLeaves(parameters, identifier, seed));
}

/** The key of test case 2 below the top: H5 and W8. */
const lower = privateKey({ height: 5, window: 8 }, vector("case2.public1").subarray(8, 24), vector("case2.seed1"));

describe("RFC 8554, appendix F", () => {
  it.each([1, 2] as const)("test case %i verifies, level by level and whole", (number) => {
    const { publicKey, message, signature } = testCase(number);
    const part = (name: string): Buffer => vector(`case${number}.${name}`);
    expect(verifyLms(part("public0"), part("public1"), part("signature0"))).toBe(true);
    expect(verifyLms(part("public1"), message, part("signature1"))).toBe(true);
    expect(verifyHss(publicKey, message, signature)).toBe(true);
  });

  it("test case 2: both public keys come from their seeds (H10/W4 and H5/W8)", () => {
    const [public0, public1] = [vector("case2.public0"), vector("case2.public1")];
    const top = privateKey({ height: 10, window: 4 }, public0.subarray(8, 24), vector("case2.seed0"));
    expect(top.publicKey()).toEqual(public0);
    expect(lower.publicKey()).toEqual(public1);
    // The randomizer is the only thing that the RFC does not derive: given it, the whole signature follows.
    const [signature0, signature1] = [vector("case2.signature0"), vector("case2.signature1")];
    expect(top.sign(3, public1, signature0.subarray(8, 40))).toEqual(signature0);
    expect(lower.sign(4, vector("case2.message"), signature1.subarray(8, 40))).toEqual(signature1);
  });
});

describe("LmsVerifier", () => {
  const message = Buffer.from("an update");
  const seeds = { identifier: Buffer.alloc(16, 5), seed: Buffer.alloc(32, 7) };
  const keyOf = (window: LmsWindow): LmsPrivateKey => privateKey({ height: 5, window }, seeds.identifier, seeds.seed);

  it.each([1, 2, 4, 8] as const)("verifies what a key with w = %i signs, with each leaf", (window) => {
    const key = keyOf(window);
    for (const leaf of [0, 1, 30, 31]) {
      const signature = key.sign(leaf, message, Buffer.alloc(32, leaf));
      expect(signature.length).toBe(signatureBytes(key.parameters));
      expect(verifyLms(key.publicKey(), message, signature)).toBe(true);
      expect(verifyLms(key.publicKey(), Buffer.from("an updatf"), signature)).toBe(false);
    }
  });

  it("refuses a signature with any one byte changed, every one of them", () => {
    const key = keyOf(4);
    const good = key.sign(9, message, Buffer.alloc(32, 1));
    const accepted = Array.from(good.keys()).filter((at) => {
      const bad = Buffer.from(good);
      bad[at]! ^= 1 << (at & 7);
      return verifyLms(key.publicKey(), message, bad);
    });
    expect(accepted).toEqual([]);
  });

  it("refuses what is too short, too long, of another key, of another leaf or of no leaf", () => {
    const key = keyOf(4);
    const good = key.sign(9, message, Buffer.alloc(32, 1));
    const leaf = (q: number): Buffer => Buffer.concat([Buffer.from([0, 0, 0, q]), good.subarray(4)]);
    const publicKey = key.publicKey();
    for (const bad of [good.subarray(0, -1), good.subarray(0, 40), Buffer.alloc(0), Buffer.concat([good, good])])
      expect(verifyLms(publicKey, message, bad)).toBe(false);
    for (const q of [8, 10, 32, 255]) expect(verifyLms(publicKey, message, leaf(q))).toBe(false);
    expect(verifyLms(lower.publicKey(), message, good)).toBe(false);
    expect(verifyLms(Buffer.alloc(56), message, good)).toBe(false);
  });

  it("refuses a signature under keys of any other type, known or not", () => {
    const key = keyOf(4);
    const good = key.sign(9, message, Buffer.alloc(32, 1));
    for (let lms = 0; lms < 64; lms++)
      for (let ots = 0; ots < 40; ots++) {
        const publicKey = key.publicKey();
        publicKey[3] = lms;
        publicKey[7] = ots;
        expect(verifyLms(publicKey, message, good), `types ${lms}, ${ots}`).toBe(lms === 5 && ots === 3);
      }
  });

  it("hashes at most 15 times in a step of W4, but for the last: 2 and the height", () => {
    const publicKey = vector("case2.public0");
    const message = vector("case2.public1");
    const room = new Uint8Array(MESSAGE_AT + message.length);
    room.set(message, MESSAGE_AT);
    const signature = Uint8Array.from(vector("case2.signature0"));
    const digest = counting();
    const verifier = new LmsVerifier(digest, publicKey, 0, signature, 0, signature.length, room);
    expect(digest.calls).toBe(1);
    const calls: number[] = [];
    for (let state = MORE, before = 1; state === MORE; before = digest.calls) {
      state = verifier.step();
      calls.push(digest.calls - before);
    }
    expect(calls.length).toBe(68);
    expect(calls.pop()).toBe(12);
    expect(Math.max(...calls)).toBeLessThanOrEqual(15);
    expect(digest.calls).toBeLessThan(600);
  });
});

describe("HSS framing", () => {
  const { publicKey, message, signature } = testCase(1);

  it("refuses other numbers of levels, and cut signatures", () => {
    for (const levels of [0, 1, 3, 9]) {
      const key = Buffer.concat([Buffer.from([0, 0, 0, levels]), publicKey.subarray(4)]);
      expect(verifyHss(key, message, signature)).toBe(false);
    }
    for (const length of [0, 3, 4, 100, 1296, 1300, 1352, signature.length - 1])
      expect(verifyHss(publicKey, message, signature.subarray(0, length))).toBe(false);
    expect(verifyHss(publicKey.subarray(1), message, signature)).toBe(false);
  });

  it("does not take one test case's signature for the other's", () => {
    expect(verifyHss(publicKey, testCase(2).message, signature)).toBe(false);
    expect(verifyHss(testCase(2).publicKey, message, signature)).toBe(false);
  });
});

describe("the randomizer", () => {
  it("is chosen for few hashes: every signature stays far below 600", () => {
    const key = privateKey({ height: 5, window: 4 }, Buffer.alloc(16, 2), Buffer.alloc(32, 3));
    const seed = 20260801;
    const random = seededBytes(seed);
    const message = Buffer.alloc(500, 9);
    const first = random(32);
    const chosen = key.chooseRandomizer(0, message, random, 2000);
    const hashes = (randomizer: Uint8Array): number => {
      const digest = counting();
      expect(verifyLms(key.publicKey(), message, key.sign(0, message, randomizer), digest), `seed ${seed}`).toBe(true);
      return digest.calls;
    };
    expect(hashes(chosen)).toBeLessThan(hashes(first) - 50);
    expect(hashes(chosen)).toBeLessThan(440);
  });
});
