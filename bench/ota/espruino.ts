import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 60_000;

/** Runs a script that prints lines "@NAME ms NUMBER" and "@end"; the least of each name over the runs, in milliseconds. */
export async function fastestOnEspruino(
  command: string,
  code: string,
  runs: number,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<Record<string, string>> {
  const writes = Object.entries(files).map(
    ([name, bytes]) => `require("Storage").write("${name}",atob("${Buffer.from(bytes).toString("base64")}"));\n`,
  );
  const least: Record<string, number> = {};
  for (let run = 0; run < runs; run++) {
    const output = await outputOf(command, writes.join("") + code);
    for (const [, name, ms] of output.matchAll(/@(\w+) ms ([\d.]+)/g))
      least[name!] = Math.min(least[name!] ?? Infinity, Number(ms));
  }
  return Object.fromEntries(Object.entries(least).map(([name, ms]) => [name, ms.toFixed(1)]));
}

function outputOf(command: string, script: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sertao-bench-"));
  writeFileSync(join(folder, "script.js"), script);
  return new Promise<string>((resolve, reject) => {
    const child = spawn(command, ["script.js"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString("latin1");
      if (output.includes("@end")) child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("close", () => {
      clearTimeout(patience);
      if (output.includes("@end")) resolve(output);
      else reject(new Error(`${command} stopped early: ${output.slice(-400)}`));
    });
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}
