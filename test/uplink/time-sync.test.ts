import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CborWriter } from "../../lib/core/cbor-writer.js";
import { hmac } from "../../lib/crypto/hmac.js";
import { NONCE_BYTES, TimeSync } from "../../lib/uplink/time-sync.js";

const digest = { sha256: (bytes: Uint8Array) => Uint8Array.from(createHash("sha256").update(bytes).digest()) };
const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const UNIX_SEC = 1_790_000_000;

/** The answer of a collector that has this key. */
function answer(nonce: Uint8Array, key = KEY, unixSec = UNIX_SEC, version = 1): Uint8Array {
  const writer = new CborWriter(new Uint8Array(64));
  writer.array(6);
  writer.number(version);
  writer.byteString(nonce, 0, NONCE_BYTES);
  for (const value of [unixSec, 250, 40]) writer.number(value);
  const mac = createHmac("sha256", key).update(writer.bytes.subarray(0, writer.length)).digest();
  writer.byteString(mac, 0, 16);
  return writer.bytes.slice(0, writer.length);
}

const asked = (): TimeSync => {
  const time = new TimeSync(digest, KEY, 7);
  time.ask();
  return time;
};

describe("authenticated time", () => {
  it("is taken once, from who has the key", () => {
    const time = asked();
    const message = answer(time.nonce);
    expect(time.accept(message, 0, message.length, 3600)).toBe(true);
    expect(time.syncedAt).toEqual([UNIX_SEC, 3600]);
    expect(time.nonce).toHaveLength(0);
    expect(time.accept(message, 0, message.length, 3700)).toBe(false);
    time.ask();
    expect(time.accept(message, 0, message.length, 3700)).toBe(false);
    expect(time.syncedAt).toEqual([UNIX_SEC, 3600]);
  });

  it("is refused with another key, nonce or version, and before it was asked for", () => {
    const time = asked();
    for (const message of [
      answer(
        time.nonce,
        KEY.map((byte) => byte ^ 1),
      ),
      answer(new Uint8Array(8)),
      answer(time.nonce, KEY, UNIX_SEC, 2),
    ]) {
      expect(time.accept(message, 0, message.length, 1)).toBe(false);
    }
    const early = new TimeSync(digest, KEY, 7);
    const message = answer(new Uint8Array(8));
    expect(early.accept(message, 0, message.length, 1)).toBe(false);
    expect(early.syncedAt).toEqual([]);
  });

  it("is refused with any byte changed, cut or added", () => {
    const time = asked();
    const message = answer(time.nonce);
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = message.slice();
        changed[at]! ^= flip;
        expect(time.accept(changed, 0, changed.length, 1)).toBe(false);
      }),
      { seed: 11, numRuns: 300 },
    );
    for (let end = 0; end < message.length; end++) expect(time.accept(message, 0, end, 1)).toBe(false);
    expect(time.accept(Uint8Array.of(...message, 0), 0, message.length + 1, 1)).toBe(false);
    expect(time.accept(message, 0, message.length, 1)).toBe(true);
  });

  it("never asks twice with one nonce, in this boot or another", () => {
    const seen = new Set<string>();
    for (let boots = 1; boots <= 20; boots++) {
      const time = new TimeSync(digest, KEY, boots);
      for (let i = 0; i < 20; i++) {
        time.ask();
        seen.add(Buffer.from(time.nonce.subarray(0, NONCE_BYTES)).toString("hex"));
      }
    }
    expect(seen.size).toBe(400);
  });
});

it("HMAC-SHA-256 is that of Node, for any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.uint8Array({ maxLength: 200 }), (key, bytes) => {
      const wanted = createHmac("sha256", key).update(bytes.subarray(1)).digest("hex");
      expect(Buffer.from(hmac(digest, key, bytes, Math.min(1, bytes.length), bytes.length)).toString("hex")).toBe(
        wanted,
      );
    }),
    { seed: 12, numRuns: 100 },
  );
});
