import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boards } from "../../../boards/index.js";
import { fillSection } from "../../../scripts/docs/fill.js";
import { hostErrors } from "../../../scripts/docs/host-errors.js";
import { generatedSections } from "../../../scripts/docs/sections.js";

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");

describe("the documents", () => {
  test("hold what the sources say now (npm run docs)", async () => {
    for (const { file, name, text } of await generatedSections())
      expect(fillSection(read(file), name, text) === read(file), `${file}, part "${name}", is stale`).toBe(true);
  });

  test("name every board and every error", async () => {
    for (const { id } of boards) expect(read("docs/boards.md")).toContain(`### \`${id}\``);
    const codes = (await hostErrors()).flatMap(({ kinds }) => kinds.map(({ code }) => code));
    expect(codes.length).toBeGreaterThan(15);
    for (const code of codes) expect(read("docs/errors.md")).toContain(`\`${code}\``);
  });
});

describe("fillSection", () => {
  const text = "a\n<!-- generated: x -->\nold\n<!-- /generated -->\nb\n<!-- generated: y -->\n<!-- /generated -->\n";

  test("replaces the named part only", () => {
    expect(fillSection(text, "x", "new")).toBe(
      "a\n<!-- generated: x -->\n\nnew\n\n<!-- /generated -->\nb\n<!-- generated: y -->\n<!-- /generated -->\n",
    );
  });

  test("finds nothing to change the second time", () => {
    const once = fillSection(text, "y", "new");
    expect(fillSection(once, "y", "new")).toBe(once);
  });

  test("needs the marks", () => {
    expect(() => fillSection(text, "z", "new")).toThrow(/generated: z/);
  });
});
