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

/** CONNECT to last word: what engine-entry.ts must print. */
const story = [
  "#open broker:1883",
  "#> 103400044d51545404ec0078000464657631000d732f646576312f7374617475730005a2000101000004646576310006736563726574",
  "#connected false",
  "#> 820dffff0008642f782f74696d6501",
  "#> 8208ffff000362616400",
  "#refused bad",
  "#> 320c0003732f610001010203fafb",
  "#token 1",
  "#token 2",
  "#token -315",
  "#> 33090003732f6200020102",
  "#published 1",
  "#> 30060003732f6401",
  "#token 0",
  "#d/x/time 4d",
  "#> 40020009",
  "#handler of bad",
  "#published 2",
  "#> c000",
  "#> 320c0003732f650003010203fafb",
  "#token 3",
  "#close",
  "#closed 308 110000",
  "#open broker:1883",
  "#> 103400044d51545404ec0078000464657631000d732f646576312f7374617475730005a2000101000004646576310006736563726574",
  "#connected true",
  "#> 820dffff0008642f782f74696d6501",
  "#> 3a0c0003732f650003010203fafb",
  "#close",
  "#closed 310 120000",
  "#open broker:1883",
  "#> 103400044d51545404ec0078000464657631000d732f646576312f7374617475730005a2000101000004646576310006736563726574",
  "#close",
  "#closed 307 140000",
  "#sent 269",
  "#closed 0 140000",
];

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
