import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBoard } from "../../boards/index.js";
import { buildApp, type BuiltApp } from "../../scripts/bundle/build-app.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder, runCommand } from "../../scripts/engine/run-command.js";
import { compileModel } from "../../scripts/model/compile.js";
import { runPack } from "../../scripts/model/golden-vectors.js";
import { printed } from "../scripts/simulate/run-script.js";
import { firmwareNet } from "../support/firmware-nets.js";

const MAIN = `
import { operators } from "sertao:operators";
import { platform } from "sertao:platform";
import { Interpreter } from "sertao/lib/nn/interpreter.js";
import { openModelPack } from "sertao/lib/nn/model-pack.js";

try {
  const file = platform.files.read("model.smod")!;
  const interpreter = new Interpreter(openModelPack(file), operators, platform.native);
  interpreter.prepare();
  platform.log("@" + interpreter.selfTest());
  for (let i = 0; i < interpreter.input.length; i++) interpreter.input[i] = (i * 37) % 251;
  interpreter.invoke();
  let line = "@";
  for (let i = 0; i < interpreter.output.length; i++) line += interpreter.output[i] + ",";
  platform.log(line);
} catch (error) {
  platform.log("@" + (error as Error).message);
}
`;

/** A network with an int8 input. */
const net = firmwareNet(3);
const folder = mkdtempSync(join(tmpdir(), "sertao-tensorflow-"));
afterAll(() => rmSync(folder, { recursive: true }));

function app(backend: string): string {
  const place = join(folder, backend);
  mkdirSync(place, { recursive: true });
  const manifest = { name: "whole", version: "0.0.1", entry: "main.ts", model: "net.tflite", backend };
  writeFileSync(join(place, "sertao.json"), JSON.stringify(manifest));
  writeFileSync(join(place, "main.ts"), MAIN);
  writeFileSync(join(place, "net.tflite"), net.file);
  return place;
}

function expectedLines(): string[] {
  const { pack } = compileModel(net.file, { rounding: "tflm", backend: "loops" });
  const input = Uint8Array.from({ length: net.inputBytes }, (_, i) => (i * 37) % 251);
  return ["@true", `@${new Int8Array(runPack(pack, input).buffer).join()},`];
}

describe("an application whose model runs in the firmware's TensorFlow", () => {
  const board = findBoard("linux")!;
  let built: BuiltApp;
  beforeAll(async () => {
    expect(net.isFloat).toBe(false);
    built = await buildApp(app("tensorflow"), board);
  });

  it("has no kernel in its bundle, and no other bundle has TensorFlow", async () => {
    expect(built.code).toContain('require("tensorflow")');
    expect(built.manifest.model!.kernels).toEqual(["TFLITE_MODEL"]);
    const loops = await buildApp(app("loops"), board);
    expect(loops.code).not.toContain("tensorflow");
    expect(built.code.length).toBeLessThan(loops.code.length);
  });

  it("is refused for a board whose firmware has none", async () => {
    await expect(buildApp(app("tensorflow"), findBoard("esp32")!)).rejects.toThrow(/BACKEND_MISSING.*esp32/);
  });

  it("runs in the simulator", async () => {
    const script = `require("Storage").write("model.smod", new Uint8Array([${built.pack!.join()}]));\n${built.code}`;
    expect(await printed(script, 5, { board })).toEqual(expectedLines());
  });

  it("tells in the simulator what lacks: the module, or memory", async () => {
    const without = { ...board, modules: board.modules.filter((name) => name !== "tensorflow") };
    const script = `require("Storage").write("model.smod", new Uint8Array([${built.pack!.join()}]));\n${built.code}`;
    expect((await printed(script, 5, { board: without }))[0]).toMatch(/^@E210:\d+$/);
  });

  for (const command of ["espruino", "espruino-field"]) {
    const path = findCommand(command);
    it.skipIf(path === undefined)(`runs on ${command}, whose Storage is not mapped (needs its command)`, async () => {
      const lines = await inFolder(async (work) => {
        await writeFile(join(work, "pack"), built.pack!);
        const store =
          'var f=E.openFile("pack","r"),d="",s;while((s=f.read(1024))!==undefined)d+=s;f.close();' +
          'require("Storage").write("model.smod",E.toUint8Array(d));d=undefined;\n';
        await writeFile(join(work, "script.js"), `${store}${built.code}\nprint("@end");\n`);
        return runCommand({ command: path!, args: ["script.js"], folder: work, holdInput: true });
      });
      expect(lines.slice(0, -1)).toEqual(expectedLines());
    });
  }
});
