import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTopic, isTopicBytes, isTopicName } from "../../lib/mqtt/topic.js";

describe("topics", () => {
  it("are recognised among bytes, and nothing else is", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 6 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const bytes = Buffer.from(`..${other}..`);
        expect(isTopic(one, bytes, 2, bytes.length - 2)).toBe(one === other);
      }),
      { numRuns: 2000 },
    );
  });

  it("[MQTT-4.7.3-1] are not empty, and this client uses none with a wildcard", () => {
    for (const good of ["a", "/", "a//b", "sertao/v1/d/ack"]) expect(isTopicName(good)).toBe(true);
    for (const bad of ["", "#", "+", "a/#", "a/+/b"]) expect(isTopicName(bad)).toBe(false);
  });
});

describe("received topic names", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  function wellFormed(bytes: Uint8Array): boolean {
    try {
      return !/[\0+#]/.test(decoder.decode(bytes)) && bytes.length > 0;
    } catch {
      return false;
    }
  }

  it("[MQTT-1.5.3-1] [MQTT-1.5.3-2] are accepted exactly where they are well-formed UTF-8 without U+0000 or wildcards", () => {
    const pieces = fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }).map((text) => [...Buffer.from(text)]),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => [...bytes]),
      fc.constantFrom(
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0xe0, 0x9f, 0xbf],
        [0xf0, 0x8f, 0xbf, 0xbf],
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
        const bytes = Uint8Array.from(parts.flat());
        const framed = Uint8Array.from([0x80, ...bytes, 0x80, 0x80]);
        expect(isTopicBytes(framed, 1, 1 + bytes.length)).toBe(wellFormed(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it("knows every sequence of two and three bytes that is well-formed", () => {
    for (let first = 0x80; first < 0x100; first++) {
      for (let second = 0; second < 0x100; second++) {
        const two = Uint8Array.of(first, second);
        if (isTopicBytes(two, 0, 2) !== wellFormed(two)) expect.fail(`${first} ${second}`);
        for (const third of [0x7f, 0x80, 0xbf, 0xc0]) {
          const three = Uint8Array.of(first, second, third);
          if (isTopicBytes(three, 0, 3) !== wellFormed(three)) expect.fail(`${first} ${second} ${third}`);
        }
      }
    }
  });
});
