import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTopic } from "../../lib/mqtt/topic.js";

describe("topics", () => {
  it("[MQTT-4.7.3-1] are not empty, and this client uses none with a wildcard", () => {
    for (const good of ["a", "/", "a//b", "sertao/v1/d/ack"]) expect(isTopic(good)).toBe(true);
    for (const bad of ["", "#", "+", "a/#", "a/+/b"]) expect(isTopic(bad)).toBe(false);
  });

  it("[MQTT-1.5.3-1] [MQTT-1.5.3-2] are accepted exactly where they are ASCII without U+0000 or wildcards", () => {
    const texts = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "binary-ascii" }));
    fc.assert(
      fc.property(texts, (text) => {
        expect(isTopic(text)).toBe(/^[\x01-\x7f]+$/.test(text) && !/[+#]/.test(text));
      }),
      { numRuns: 3000 },
    );
  });
});
