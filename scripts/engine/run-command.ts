import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { engineFailed } from "../errors/engine.js";
import { explained } from "./explain.js";

/** The last line of every job: what comes after it is the engine's own. */
export const END_LINE = "@end";

export interface CommandRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** True where the engine must not see the end of its standard input. */
  readonly holdInput?: boolean;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 1800000;

/**
 * Runs an engine's command and returns the lines that begin with "@", up to `@end`.
 * @throws SertaoError ENGINE_FAILED where it ends without that line
 */
export function runCommand({
  command,
  args,
  folder,
  holdInput,
  timeoutMs = TIMEOUT_MS,
}: CommandRun): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: [holdInput ? "pipe" : "ignore", "pipe", "pipe"] });
    const lines: string[] = [];
    const other: string[] = [];
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const note = (line: string): void => {
      const at = line.indexOf("@");
      if (at >= 0 && at <= 2) lines.push(line.slice(at).trimEnd());
      else if (line.trim() !== "") other.push(line.trim());
      if (lines.at(-1) === END_LINE) child.kill("SIGKILL");
    };
    createInterface({ input: child.stdout! }).on("line", note);
    createInterface({ input: child.stderr! }).on("line", (line) => other.push(line.trim()));
    child.on("error", (error) => reject(engineFailed(command, error.message)));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (lines.at(-1) === END_LINE) return resolve(lines);
      const cause = other
        .filter((line) => /error|exception|memory|uncaught/i.test(line) && !/(\[object Object\]|undefined)$/.test(line))
        .slice(0, 2)
        .join("; ");
      reject(engineFailed(command, explained(cause) || other.at(-1) || `exit ${code ?? signal}, no answer`));
    });
  });
}

/** Runs `work` with a folder of its own, which is removed afterwards. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "sertao-engine-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
