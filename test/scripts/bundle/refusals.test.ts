import { describe, expect, test } from "vitest";
import { boards, type Board } from "../../../boards/index.js";
import { findApp } from "../../../scripts/bundle/find-app.js";
import { build, esp32, refusal } from "./app-folder.js";

const manifest = (fields: object): Record<string, string> => ({
  "sertao.json": JSON.stringify({ name: "a", version: "0.0.1", entry: "main.ts", ...fields }),
});

describe("a build is refused", () => {
  test.each([
    ["Map", "export const a = new Map();", /main\.ts:1:22 Cannot find name 'Map'/],
    ["Node's modules", 'import "node:fs";\nexport {};', /node:fs/],
    ["Node's globals", "Buffer.alloc(1);", /Cannot find name 'Buffer'/],
    ["the browser's globals", "document.title = '';", /Cannot find name 'document'/],
    ["a wrong type", "export const a: number = 'b';", /Type 'string' is not assignable/],
  ])("for %s, with file, line and column", async (_, main, said) => {
    const error = await refusal(build(main));
    expect(error.code).toBe("BUNDLE_COMPILE_FAILED");
    expect(error.problem).toMatch(said);
    expect(error.message).not.toContain("\n");
  });

  test("for a package from npm, whatever its types say", async () => {
    const main = 'import { a } from "left-pad";\na();';
    const error = await refusal(build(main, { "left-pad.d.ts": "" }));
    expect(error.code).toBe("BUNDLE_COMPILE_FAILED");
    const declared = 'declare module "left-pad" { export function a(): void; }';
    const typed = await refusal(build(`/// <reference path="./types.d.ts" />\n${main}`, { "types.d.ts": declared }));
    expect(typed.code).toBe("BUNDLE_IMPORT_UNRESOLVED");
    expect(typed.problem).toContain('main.ts imports "left-pad"');
  });

  test("for imports in a circle", async () => {
    const error = await refusal(
      build('import { a } from "./a.js";\na();', {
        "a.ts": 'import { b } from "./b.js";\nexport function a(): void { b(); }',
        "b.ts": 'import { a } from "./a.js";\nexport function b(): void { a(); }',
      }),
    );
    expect(error.code).toBe("BUNDLE_IMPORT_CYCLE");
    expect(error.problem).toMatch(/a\.ts → .*b\.ts → .*a\.ts/);
  });

  test.each([
    [
      "spread",
      "declare function print(n: number): void;\nconst a = [1];\nprint([...a, 2].length);",
      3,
      "__spreadArray",
    ],
    ["class inheritance", "class A {}\nclass B extends A {}\nexport const b = new B();", 2, "__extends"],
    ["async", "export async function f(): Promise<void> {}\nvoid f();", 1, undefined],
  ])("for %s, which needs a large helper", async (_, main, line, helper) => {
    const error = await refusal(build(main));
    if (helper === undefined) return expect(error.code).toBe("BUNDLE_COMPILE_FAILED");
    expect(error.code).toBe("BUNDLE_HELPER_FORBIDDEN");
    expect(error.problem).toMatch(new RegExp(`main\\.ts:${line} .*${helper}`));
  });

  test.each([
    [
      "a label",
      "declare function print(n: number): number;\n\nouter: for (let i = 0; i < 9; i++) for (;;) if (print(i)) break outer;",
      /main\.ts:3: label\./,
    ],
    [
      "slice of a typed array",
      "declare function print(a: unknown): void;\nprint(new Uint8Array(2).slice(1));",
      /main\.ts:2: slice of a typed array\..*plain array/,
    ],
    [
      "a shortened array",
      "declare function print(a: unknown): void;\nconst a = [1, 2];\na.length = 0;\nprint(a);",
      /main\.ts:3: assignment to an array's length/,
    ],
    [
      "default before a case",
      "declare function print(a: number): number;\n\nswitch (print(0)) {\n  default:\n    print(1);\n    break;\n  case 7:\n    print(2);\n    break;\n  case 8:\n    print(3);\n}",
      /main\.ts:\d: default that is not the last case/,
    ],
  ])("for %s, with file, line and remedy", async (_, main, said) => {
    const error = await refusal(build(main));
    expect(error.code).toBe("BUNDLE_DIALECT");
    expect(error.problem).toMatch(said);
  });

  test("but a field named length, and slice of a plain array, pass", async () => {
    const main =
      "declare function print(a: unknown): void;\nclass W { length = 3; reset(): void { this.length = 0; } }\n" +
      "const w = new W();\nw.reset();\nprint([w.length, 2].slice(1));";
    expect((await build(main)).code).toContain("slice");
  });
});

describe("what does not fit its board is refused", () => {
  const main = "declare function print(a: unknown): void;\nprint('x'.concat('a text that is there to take room'));";
  const board = (budgets: Partial<Board["budgets"]>, rest: Partial<Board> = {}): Board => ({
    ...esp32,
    ...rest,
    budgets: { ...esp32.budgets, ...budgets },
  });

  test.each([
    ["BUNDLE_TOO_BIG", board({ bundleBytes: 20 }), /allows 20; the largest parts are app \(/],
    ["MEMORY_TOO_SMALL", board({ jsVars: 100 }), /about \d+ JsVars \(an estimate\)/],
    [
      "STORAGE_TOO_SMALL",
      board({ bundleBytes: 100, packBytes: 1 }, { storage: { address: 0x320000, pageBytes: 512, pages: 1 } }),
      /and esp32 has 512/,
    ],
    ["BOARD_CONTRADICTION", board({ jsVars: 999999 }), /exceeds the board's 16383/],
  ])("%s", async (code, spoilt, said) => {
    const error = await refusal(build(main, {}, spoilt));
    expect(error.code).toBe(code);
    expect(error.problem).toMatch(said);
  });

  test("and the smallest application fits every board", async () => {
    for (const each of boards) expect((await build(main, {}, each)).manifest.board).toBe(each.id);
  });
});

describe("sertao.json is refused", () => {
  test.each([
    ["no name", manifest({ name: undefined }), /"name" is missing/],
    ["a strange name", manifest({ name: "A b" }), /"name" must be 1 to 32 characters/],
    ["a version of two numbers", manifest({ version: "1.0" }), /"version" must be three numbers/],
    ["an unknown field", manifest({ modle: "a.tflite" }), /"modle" is no field/],
    ["an entry that is missing", manifest({ entry: "other.ts" }), /"other\.ts" does not exist/],
    ["a model that is missing", manifest({ model: "model.tflite" }), /"model\.tflite" does not exist/],
    ["another rounding", manifest({ rounding: "up" }), /"rounding" must be tflm or xnnpack/],
    ["labels that are no texts", manifest({ labels: [1] }), /"labels" must be a list of texts/],
    ["a list", { "sertao.json": "[]" }, /must hold one object/],
    ["no JSON", { "sertao.json": "{" }, /JSON/],
  ])("for %s", async (_, files, said) => {
    const error = await refusal(build("export {};", files));
    expect(error.code).toBe("APP_MANIFEST_INVALID");
    expect(error.problem).toMatch(said);
  });

  test("and an application that is not there has no manifest", () => {
    expect(() => findApp("no-such-application")).toThrow(/APP_UNKNOWN/);
  });
});
