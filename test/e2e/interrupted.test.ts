import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { built } from "./sertao-command.js";

const module = pathToFileURL(join(import.meta.dirname, "../../dist/scripts/simulate/espruino/run-folder.js"));
const program = `import { RunFolder } from "${module}";
const folder = new RunFolder();
setInterval(() => {}, 1000);
console.log(folder.path);`;

describe.skipIf(!built)("an interrupted run (needs dist, npm run build)", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("takes its temporary folder with it at %s", async (signal, status) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const folder = String(chunk).trim();
    expect(existsSync(folder)).toBe(true);
    const ended = once(child, "close");
    child.kill(signal);
    expect(await ended).toEqual([status, null]);
    expect(existsSync(folder)).toBe(false);
  });
});
