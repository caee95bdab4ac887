import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
/** What npm links as `sertao`. */
export const program = join(root, "bin/sertao.mjs");

/** False where dist/ is missing: tests of the command are skipped by name. */
export const built = existsSync(join(root, "dist/scripts/cli/main.js"));

/** How a command ended. */
export interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as a user would. @param folder working directory */
export function startSertao(folder: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...process.env, ...env } });
}

/** Runs the command line to its end. @param input what it reads from stdin */
export function sertao(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
  input = "",
): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const child = startSertao(folder, args, env);
    let stdout = "";
    let stderr = "";
    child.stdout!.on("data", (text: Buffer) => (stdout += String(text)));
    child.stderr!.on("data", (text: Buffer) => (stderr += String(text)));
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin!.on("error", () => undefined).end(input);
  });
}
