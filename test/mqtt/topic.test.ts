import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterMatches, isTopicBytes, isTopicFilter } from "../../lib/mqtt/topic.js";

const level = fc.constantFrom("", "a", "b", "ab", "$x");
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant("+")), { maxLength: 4 }), fc.boolean())
  .map(([levels, all]) => [...levels, ...(all ? ["#"] : [])].join("/"))
  .filter((text) => text !== "");

/** §4.7.1 level by level: another way than the code under test. */
function matches(filterText: string, topicText: string): boolean {
  const wanted = filterText.split("/");
  const given = topicText.split("/");
  const all = wanted.at(-1) === "#";
  if (all) wanted.pop();
  if (all ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((one, i) => one === "+" || one === given[i]);
}

function matchBytes(filterText: string, topicText: string): boolean {
  const bytes = Buffer.from(`..${topicText}..`);
  return filterMatches(filterText, bytes, 2, bytes.length - 2);
}

describe("topic filters", () => {
  it("match as the specification says", () => {
    fc.assert(
      fc.property(filter, topic, (one, other) => {
        expect(matchBytes(one, other)).toBe(matches(one, other));
      }),
      { numRuns: 2000 },
    );
  });

  it("match the examples of the specification", () => {
    for (const name of ["sport", "sport/x", "sport/x/y"]) expect(matchBytes("sport/#", name)).toBe(true);
    expect(matchBytes("sport/+", "sport")).toBe(false);
    expect(matchBytes("sport/+", "sport/")).toBe(true);
    expect(matchBytes("+/+", "/finance")).toBe(true);
    expect(matchBytes("+", "/finance")).toBe(false);
  });

  it("[MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.3-1] are refused with a wildcard out of place, or empty", () => {
    for (const good of ["#", "+", "a/#", "+/a/+", "/", "a//+", "+/#"]) expect(isTopicFilter(good)).toBe(true);
    for (const bad of ["", "a#", "a/#/b", "#/a", "a+", "+a", "a/b+/c", "##", "++"])
      expect(isTopicFilter(bad)).toBe(false);
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
