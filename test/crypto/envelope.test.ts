import { createHmac } from "node:crypto";
import type { Tag } from "cbor-x";
import { Decoder, Encoder } from "cbor-x";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { MORE } from "../../lib/crypto/lms.js";
import { MacEnvelope } from "../../lib/crypto/mac-envelope.js";
import { SignedEnvelope } from "../../lib/crypto/signed-envelope.js";
import { keyId, macEnvelope, signedEnvelope, toBeSigned } from "../../scripts/ota/envelope.js";
import { hssPublicKey, hssSignature } from "../../scripts/ota/lms/hss.js";
import { LmsPrivateKey } from "../../scripts/ota/lms/private-key.js";
import { makeLeaves } from "../../scripts/ota/lms/tree.js";
import { nodeDigest } from "../../scripts/ota/node-digest.js";

const parameters = { height: 5, window: 4 } as const;

function keyPair(fill: number): { key: LmsPrivateKey; publicKey: Uint8Array } {
  const [identifier, seed] = [Buffer.alloc(16, fill), Buffer.alloc(32, fill)];
  const key = new LmsPrivateKey(parameters, identifier, seed, makeLeaves(parameters, identifier, seed));
  return { key, publicKey: hssPublicKey(key.publicKey()) };
}

const working = keyPair(1);
const spare = keyPair(2);
const payload = Buffer.from("a manifest of some length, more than 23 bytes");

function signed({ key, publicKey }: typeof working): Uint8Array {
  const signature = hssSignature(key.sign(3, toBeSigned(publicKey, payload), Buffer.alloc(32, 9)));
  return signedEnvelope(publicKey, payload, signature);
}

/** How a device that trusts `keys` sees an envelope. */
function open(bytes: Uint8Array, keys: readonly Uint8Array[]): { state: number; signer: number; payload: Uint8Array } {
  const copy = Uint8Array.from(bytes);
  const envelope = new SignedEnvelope(nodeDigest, keys, copy);
  let state = envelope.step();
  while (state === MORE) state = envelope.step();
  return { state, signer: envelope.signer, payload: copy.slice(envelope.payloadAt, envelope.payloadEnd) };
}

const decoder = new Decoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });
const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

describe("a signed envelope", () => {
  const trusted = [working.publicKey, spare.publicKey];
  const none = new Uint8Array(0);

  it("is COSE_Sign1 with HSS-LMS and the key's I as key id", () => {
    const { tag, value } = decoder.decode(signed(working)) as Tag & { tag: number };
    expect(tag).toBe(18);
    const [header, unprotected, content, signature] = value as [
      Uint8Array,
      Map<unknown, unknown>,
      Uint8Array,
      Uint8Array,
    ];
    expect(decoder.decode(header)).toEqual(
      new Map<number, unknown>([
        [1, -46],
        [4, Uint8Array.from(keyId(working.publicKey))],
      ]),
    );
    expect(unprotected.size).toBe(0);
    expect(Buffer.from(content)).toEqual(payload);
    expect(signature.length).toBe(4 + 12 + 32 * (1 + 67 + 5));
    const structure = encoder.encode(["Signature1", Buffer.from(header), Buffer.alloc(0), payload]);
    expect(Buffer.from(toBeSigned(working.publicKey, payload))).toEqual(structure);
  });

  it("is accepted from either trusted key, which is named", () => {
    expect(open(signed(working), trusted)).toEqual({
      state: ErrorCode.OK,
      signer: 0,
      payload: Uint8Array.from(payload),
    });
    expect(open(signed(spare), trusted)).toMatchObject({ state: ErrorCode.OK, signer: 1 });
    expect(open(signed(spare), [none, spare.publicKey])).toMatchObject({ state: ErrorCode.OK, signer: 1 });
  });

  it("is refused from a revoked or unknown key, and under a key that has taken another's id", () => {
    expect(open(signed(working), [none, spare.publicKey]).state).toBe(ErrorCode.UPDATE_KEY_UNKNOWN);
    expect(open(signed(working), [none, none]).state).toBe(ErrorCode.UPDATE_KEY_UNKNOWN);
    expect(open(signed(keyPair(3)), trusted).state).toBe(ErrorCode.UPDATE_KEY_UNKNOWN);
    const forger = { key: spare.key, publicKey: working.publicKey };
    expect(open(signed(forger), trusted).state).toBe(ErrorCode.UPDATE_SIGNATURE);
  });

  it("is refused with any one byte changed: each of what is signed, and many of the signature", () => {
    const good = signed(working);
    const changed = Array.from(good.keys()).filter((at) => at < 100 || at % 17 === 0);
    const accepted = changed.filter((at) => {
      const bad = Uint8Array.from(good);
      bad[at]! ^= 1 << (at & 7);
      return open(bad, trusted).state === (ErrorCode.OK as number);
    });
    expect(accepted).toEqual([]);
  });

  it("is refused cut anywhere, or with anything after it, or over bytes that are no envelope", () => {
    const good = signed(working);
    for (let length = 0; length < good.length; length += length < 80 ? 1 : 53)
      expect(open(good.subarray(0, length), trusted).state, `${length} bytes`).toBe(ErrorCode.UPDATE_MALFORMED);
    expect(open(Buffer.concat([good, Buffer.alloc(1)]), trusted).state).toBe(ErrorCode.UPDATE_MALFORMED);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(60), (noise, keep) => {
        const bytes = Buffer.concat([good.subarray(0, keep), noise]);
        expect(open(bytes, trusted).state).toBeGreaterThan(ErrorCode.OK);
      }),
      { seed: 9052, numRuns: 500 },
    );
  });

  it("with two levels is refused: a device knows one", () => {
    const signature = Buffer.from(
      hssSignature(working.key.sign(3, toBeSigned(working.publicKey, payload), payload.subarray(0, 32))),
    );
    signature[3] = 1;
    expect(open(signedEnvelope(working.publicKey, payload, signature), trusted).state).toBe(ErrorCode.UPDATE_MALFORMED);
  });
});

describe("an envelope with a MAC", () => {
  const deviceKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
  const good = macEnvelope(deviceKey, payload);
  const verify = (bytes: Uint8Array, key: Uint8Array = deviceKey): ErrorCode =>
    new MacEnvelope(Uint8Array.from(bytes)).verify(nodeDigest, key);

  it("is COSE_Mac0 with HMAC 256/256", () => {
    const { tag, value } = decoder.decode(good) as Tag & { tag: number };
    expect(tag).toBe(17);
    const [header, , content, mac] = value as [Uint8Array, unknown, Uint8Array, Uint8Array];
    expect(decoder.decode(header)).toEqual(new Map([[1, 5]]));
    expect(Buffer.from(content)).toEqual(payload);
    const structure = encoder.encode(["MAC0", Buffer.from(header), Buffer.alloc(0), payload]);
    expect(Buffer.from(mac)).toEqual(createHmac("sha256", deviceKey).update(structure).digest());
  });

  it("is accepted with the device's key and no other, and not with any byte changed", () => {
    expect(verify(good)).toBe(ErrorCode.OK);
    expect(verify(good, Buffer.alloc(32))).toBe(ErrorCode.UPDATE_SIGNATURE);
    for (const at of good.keys()) {
      const bad = Uint8Array.from(good);
      bad[at]! ^= 1 << (at & 7);
      expect(verify(bad), `byte ${at}`).toBeGreaterThan(ErrorCode.OK);
    }
    for (let length = 0; length < good.length; length++)
      expect(verify(good.subarray(0, length))).toBe(ErrorCode.UPDATE_MALFORMED);
  });

  it("is not taken for a signed one, nor a signed one for it", () => {
    expect(open(good, [working.publicKey]).state).toBe(ErrorCode.UPDATE_MALFORMED);
    expect(verify(signed(working))).toBe(ErrorCode.UPDATE_MALFORMED);
  });
});
