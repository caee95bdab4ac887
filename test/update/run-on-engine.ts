import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 60_000;

/**
 * Runs a script on an engine in a folder of its own, until it prints the line `end`.
 * @param begins what the lines begin with that count
 * @param prepare puts more into the folder
 * @returns those lines, without it
 */
export function runOnEngine(
  command: string,
  script: string,
  begins: string,
  end: string,
  prepare: (folder: string) => void = () => undefined,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "sertao-update-"));
  prepare(folder);
  writeFileSync(join(folder, "script.js"), script);
  return new Promise<string[]>((resolve, reject) => {
    const child = spawn(command, ["script.js"], { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    const take = (text: Buffer): void => {
      output += text.toString("latin1");
      // Espruino goes on to read its console.
      if (output.includes(`${begins}${end}`)) child.kill("SIGKILL");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    child.once("close", () => {
      clearTimeout(patience);
      const lines = output
        .split(/\r?\n/)
        .filter((line) => line.includes(begins))
        .map((line) => line.slice(line.indexOf(begins) + begins.length).trimEnd());
      if (lines.at(-1) === end) resolve(lines.slice(0, -1));
      else reject(new Error(`${command} stopped early: ${output.slice(-600)}`));
    });
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}
