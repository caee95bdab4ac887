import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as topics from "../../lib/uplink/topics.js";
import type { Topic } from "../../lib/uplink/topics.js";
import { decodeMessage } from "../../scripts/fleet/messages/message.js";
import { protocolExamples } from "./protocol-examples.js";

const doc = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");

/** `name` → hex of the blocks below "## Examples". */
function documented(): Record<string, string> {
  const found: Record<string, string> = {};
  const section = doc.slice(doc.indexOf("## Examples"));
  for (const [, name, hex] of section.matchAll(/^([^\n]+):\n\n```hex\n([0-9a-f\s]+)```/gm)) {
    found[name!] = hex!.replace(/\s/g, "");
  }
  return found;
}

test("the examples are byte for byte what the device sends", () => {
  const made = Object.entries(protocolExamples()).map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")]);
  expect(documented()).toEqual(Object.fromEntries(made));
});

test("the collector decodes the examples", () => {
  const examples = protocolExamples();
  const decoded = (name: string, topic: string): unknown => decodeMessage(topic, examples[name]!);
  expect(decoded("status, offline (the will)", "status")).toMatchObject({ kind: "status", state: 0 });
  expect(decoded("status, online", "status")).toMatchObject({ incarnation: 7, epoch: 3, application: "test 1.0.0" });
  expect(decoded("results, two records of one output", "results")).toMatchObject({
    incarnation: 7,
    records: [{ sequence: 1 }, { sequence: 2 }],
  });
  expect(decoded("results, alarms of two outputs", "results")).toMatchObject({
    records: [{ priority: 1, name: "frost/frost" }, { name: "frost/wind" }],
  });
  expect(examples["time, under the key of the bytes 0 to 31"]).toBeDefined();
});

test("every topic in the code is described, and no message exceeds its greatest size", () => {
  const all = Object.values(topics).filter((value): value is Topic => typeof value === "object" && "maxBytes" in value);
  expect(all).toHaveLength(9);
  for (const topic of all) expect(doc).toContain(`\`${topic.name}\``);
  for (const bytes of Object.values(protocolExamples())) expect(bytes.length).toBeLessThanOrEqual(256);
});
