import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { BINDING, SECTIONS } from "./appendix-b.js";

const folder = new URL(".", import.meta.url);
const page = readFileSync(new URL("../../docs/mqtt.md", folder), "utf8");

/** Statement → files, as the table of the page says. */
const documented = new Map(
  [...page.matchAll(/^\| (MQTT-[\d.]+-\d+) +\|.*\| ([\w., -]+?) +\|$/gm)].map(([, statement, files]) => [
    statement!,
    files!.split(", ").sort(),
  ]),
);

/** Statement → files, as the names of the tests say. */
const tested = new Map<string, string[]>();
for (const file of readdirSync(folder).filter((name) => name.endsWith(".test.ts"))) {
  const source = readFileSync(new URL(file, folder), "utf8");
  const names = source.split("\n").filter((line) => /^\s*(it\(|it\.|\]\)\(|\["|"\[|\])/.test(line));
  for (const [, statement] of names.join("\n").matchAll(/\[(MQTT-[\d.]+-\d+)\]/g)) {
    const files = tested.get(statement!) ?? [];
    if (!files.includes(file)) tested.set(statement!, [...files, file].sort());
  }
}

it("every normative statement of the table is in the name of a test in the file it names, and the other way round", () => {
  expect(documented.size).toBeGreaterThan(40);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(tested));
});

it("the table has every statement of the specification's Appendix B that binds this client, and no other", () => {
  expect(Object.values(SECTIONS).reduce((sum, { count }) => sum + count, 0)).toBe(141);
  expect([...documented.keys()].sort()).toEqual([...BINDING].sort());
});
