import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findCommand } from "../../scripts/engine/find-command.js";
import { deviceBundle } from "./device-bundle.js";

let folder: string;
let script: string;
let wanted: string[];

const marked = (output: string): string[] =>
  output
    .split(/\r?\n/)
    .map((line) => line.slice(Math.max(0, line.indexOf("#"))))
    .filter((line) => line.startsWith("#"));

/** Espruino reads its console all the time: it must stay open, and is closed when the last line has come. */
function runEspruino(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [script], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    const patience = setTimeout(() => child.kill("SIGKILL"), 30_000);
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.once("error", reject);
    child.once("close", () => {
      clearTimeout(patience);
      resolve(output);
    });
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sertao-mqtt-"));
  script = join(folder, "client.js");
  writeFileSync(script, await deviceBundle(fileURLToPath(new URL("device/engine-entry.ts", import.meta.url))));
  wanted = marked(execFileSync(process.execPath, [script], { encoding: "utf8" }));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the client on the engines", () => {
  it("tells the story it should, on Node", () => {
    expect(wanted).toEqual(story);
  });

  for (const engine of ["jerry", "mqjs", "duk"]) {
    const command = findCommand(engine);
    it.skipIf(!command)(`says the same on ${engine} (needs ${engine})`, () => {
      expect(marked(execFileSync(command!, [script], { encoding: "utf8" }))).toEqual(wanted);
    });
  }

  for (const engine of ["espruino", "espruino-field"]) {
    const command = findCommand(engine);
    it.skipIf(!command)(`says the same on ${engine} (needs ${engine})`, async () => {
      expect(marked(await runEspruino(command!))).toEqual(wanted);
    });
  }
});

const story: string[] = [];
