import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Source files, tracked or about to be; fixtures are data. */
function sources(...folders: string[]): string[] {
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...folders], {
    cwd: root,
  });
  return list
    .toString()
    .split("\n")
    .filter((file) => /\.ts$/.test(file) && !file.startsWith("test/fixtures/") && existsSync(join(root, file)));
}

const lines = (file: string): number => readFileSync(join(root, file), "utf8").split("\n").length - 1;

describe.skipIf(!existsSync(join(root, ".git")))("source files (needs git)", () => {
  const files = sources("lib", "firmware", "boards", "scripts");
  const sizes = files.map((file) => [lines(file), file] as const).sort(([a], [b]) => a - b);

  test("are small: half of them below 110 lines, nineteen in twenty below 300, none above 400", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(sizes[Math.floor(sizes.length / 2)]![0]).toBeLessThanOrEqual(110);
    expect(sizes[Math.floor(sizes.length * 0.95)]![0]).toBeLessThanOrEqual(300);
    expect(sizes.filter(([size]) => size > 400)).toEqual([]);
  });

  test("have names that say what is in them", () => {
    const vague = /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.ts$)/;
    expect(
      [...files, ...sources("test", "bench")].filter((file) => vague.test(file) && file !== "test/support/shared.ts"),
    ).toEqual([]);
    expect(files.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(basename(file)))).toEqual([]);
  });

  test("have no unfinished parts and no exceptions from the rules", () => {
    const marks = new RegExp(
      ["TO" + "DO", "FIX" + "ME", "XXX", "eslint-" + "disable", "@ts-" + "(ignore|nocheck)"].join("|"),
    );
    const found = [...files, ...sources("test", "bench")].filter(
      (file) => !file.startsWith("test/structure/") && marks.test(readFileSync(join(root, file), "utf8")),
    );
    expect(found).toEqual([]);
  });
});
