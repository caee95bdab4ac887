import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { crc32 } from "node:zlib";
import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { describe, expect, test } from "vitest";
import { buildApp } from "../../../scripts/bundle/build-app.js";
import { writeBuild } from "../../../scripts/bundle/write-build.js";
import { build, esp32 } from "./app-folder.js";

const blink = fileURLToPath(new URL("../../fixtures/bundle/blink", import.meta.url));

/** Runs a bundle as an engine would, and gives what it prints. */
function printed(code: string): string[] {
  const lines: string[] = [];
  runInNewContext(code, { print: (line: unknown) => lines.push(String(line)), E: { CRC32: crc32 } });
  return lines;
}

describe("buildApp", () => {
  test("gives a bundle that runs, without what nobody uses", async () => {
    const { code } = await buildApp(blink, esp32);
    expect(printed(code)).toEqual(["count 12 crc 3305348492"]);
    expect(code).not.toContain("never bundled");
    expect(code).not.toContain("_value");
  });

  test("makes nothing global", async () => {
    const context = { print: () => undefined, E: { CRC32: crc32 } };
    runInNewContext((await buildApp(blink, esp32)).code, context);
    expect(Object.keys(context)).toEqual(["print", "E"]);
  });

  test("takes what the engine does in C from its port, and leaves the module of lib out", async () => {
    const { code } = await buildApp(blink, esp32);
    expect(code).toContain("E.CRC32(");
    expect(code).not.toContain("Int32Array");
  });

  test("puts numbers where constants stand, and leaves names alone", async () => {
    const { code } = await build(
      'import { LIMIT } from "./limits.js";\ndeclare function print(text: string): void;\n' +
        "const OFFSET = 3;\nlet changed = 5;\nconst both = { LIMIT, OFFSET: OFFSET };\n" +
        "function sum(at: number): number { return at + LIMIT * OFFSET + changed; }\n" +
        "changed++;\nprint([sum(1), sum(2), both.LIMIT, both.OFFSET].join());",
      { "limits.ts": "export const LIMIT = 40;" },
    );
    expect(printed(code)).toEqual(["127,128,40,3"]);
    expect(code).toMatch(/\+120\+/);
  });

  test("gives the same bytes twice", async () => {
    expect(await buildApp(blink, esp32)).toEqual(await buildApp(blink, esp32));
  });

  test("maps the bundle back to lines of the sources", async () => {
    const { code, map } = await buildApp(blink, esp32);
    const column = code.indexOf('"count "');
    const origin = originalPositionFor(new TraceMap(map), { line: 1, column });
    expect(origin).toMatchObject({ source: expect.stringMatching(/blink\/main\.ts$/) as string, line: 9 });
  });

  test("counts every byte once, by module", async () => {
    const { code, report } = await buildApp(blink, esp32);
    expect(report.modules.map(({ module }) => module).sort()).toEqual(["app", "firmware/platform", "glue"]);
    expect(report.modules.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(code.length);
    expect(report.bundle).toEqual({ bytes: code.length, budgetBytes: 28672 });
  });

  test("tells the application its name, version, board and runtime", async () => {
    const { code } = await build(
      'import { application, board, runtime, version } from "sertao:build";\n' +
        "declare function print(text: string): void;\nprint([application, version, board, runtime].join());",
    );
    expect(printed(code)[0]).toMatch(/^tried,0\.0\.1,esp32,\d+\.\d+\.\d+$/);
  });

  test("compiles TypeScript sources that lie in node_modules", async () => {
    const { code } = await build(
      'import { two } from "./node_modules/part/two.js";\ndeclare function print(n: number): void;\nprint(two() + 1);',
      { "node_modules/part/two.ts": "export function two(): number { return 2; }" },
    );
    expect(printed(code)).toEqual(["3"]);
  });

  test("describes its files", async () => {
    const built = await buildApp(blink, esp32);
    const folder = mkdtempSync(join(tmpdir(), "sertao-build-"));
    try {
      writeBuild(built, folder);
      const boot = ["installation.bin", "loader.js", "manifest.json", "supervisor.js"];
      expect(readdirSync(folder).sort()).toEqual(
        ["bundle.js", "bundle.js.map", ...boot, "slots.js", "update.js"].sort(),
      );
      const bytes = readFileSync(join(folder, "bundle.js"));
      expect(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))).toMatchObject({
        application: "blink",
        version: "1.2.3",
        board: "esp32",
        files: [
          { name: ".boot0", file: "supervisor.js" },
          { name: ".bootcde", file: "loader.js" },
          { name: "slots.js", file: "slots.js" },
          { name: "update.js", file: "update.js" },
          {
            name: "app.a",
            file: "bundle.js",
            bytes: bytes.length,
            sha256: createHash("sha256").update(bytes).digest("hex"),
            slotBytes: 28672,
          },
          { name: "sertao.ins", file: "installation.bin", bytes: 16 },
        ],
        spareSlots: [
          { name: "app.b", bytes: 28672 },
          { name: "config.a", bytes: 4096 },
          { name: "config.b", bytes: 4096 },
          { name: "update.env", bytes: 4096 },
          { name: "update.prt", bytes: 4096 },
        ],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("declares what an inlined function needs before the function returns", async () => {
    const { code } = await build(`
      declare function print(text: string): void;
      class Part { constructor(readonly of: number, readonly name: string) {} }
      function parts(of: number, names: string[]): Part[] { return names.map((name) => new Part(of, name)); }
      const make = { list: (n: { size: number }) => parts(n.size, ["a", "b"]) };
      print(make.list({ size: 3 }).map((part) => part.name + part.of).join());
    `);
    expect(printed(code)).toEqual(["a3,b3"]);
  });
});
