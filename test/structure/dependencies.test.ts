import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);
const config = join(root, ".dependency-cruiser.cjs");
const command = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

interface Summary {
  violations: Violation[];
  totalCruised: number;
  totalDependenciesCruised: number;
}

/** Checks a tree against the rules. */
function cruise(folder: string): Summary {
  const parts = ["lib", "firmware", "boards", "scripts", "test"].filter((part) => existsSync(join(folder, part)));
  const json = execFileSync(
    process.execPath,
    [command, "--config", config, "--output-type", "json", "--progress", "none", ...parts],
    { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] },
  );
  return (JSON.parse(json) as { summary: Summary }).summary;
}

describe("the dependency rules", () => {
  test("hold in this repository, and look at all of it", () => {
    const { violations, totalCruised, totalDependenciesCruised } = cruise(root);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(200);
    expect(totalDependenciesCruised).toBeGreaterThan(500);
  });

  test("speak, every one of them, in a tree that breaks them", () => {
    const { forbidden } = require(config) as { forbidden: { name: string }[] };
    const broken = new Set(cruise(join(root, "test/fixtures/structure/tree")).violations.map(({ rule }) => rule.name));
    expect(forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });

  test("let the simulator touch firmware, and only with the bundler", () => {
    const { violations } = cruise(join(root, "test/fixtures/structure/tree"));
    const touching = violations.filter(({ rule }) => rule.name === "only-simulator-and-bundler-touch-firmware");
    expect(touching.map(({ from }) => from)).toEqual(["scripts/fleet/fleet.ts"]);
  });
});
