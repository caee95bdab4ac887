import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "test/fixtures/structure/device-code");
const fixtures = readdirSync(folder).map((name) => join(folder, name));

/** Names of those files that do not compile with the options of device code. */
function refused(files: string[]): string[] {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(root, "tsconfig.device.json"),
    { noEmit: true, composite: false, rootDir: root },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => expect.fail(String(problem.messageText)) },
  )!;
  const program = ts.createProgram(files, parsed.options);
  return files.filter((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).some((d) => d.file));
}

describe("the compiler options of device code", () => {
  test("refuse timers, Map, Node, Promise and what ES5 lacks", () => {
    expect(fixtures.length).toBeGreaterThan(8);
    expect(refused(fixtures).map((file) => basename(file))).toEqual(fixtures.map((file) => basename(file)));
  });

  test("accept the device core", () => {
    const core = readdirSync(join(root, "lib/core")).map((name) => join(root, "lib/core", name));
    expect(refused(core)).toEqual([]);
  });
});
