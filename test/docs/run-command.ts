import { type ChildProcess, spawn } from "node:child_process";
import { delimiter } from "node:path";
import { adaptationOf, lineFor } from "./command-table.js";
import type { Workspace } from "./workspace.js";

/** A command that takes longer hangs: its whole process group is ended. */
const LONGEST_MS = 60_000;

/** How a command ended, and all that it printed. */
interface End {
  readonly status: number | null;
  readonly text: string;
}

function start(line: string, workspace: Workspace, env: Record<string, string>): ChildProcess {
  const path = `${workspace.programs}${delimiter}${process.env["PATH"] ?? ""}`;
  return spawn("sh", ["-c", line], {
    cwd: workspace.folder,
    // Journals of signing keys go to the user's state folder: not to that of who runs the tests.
    env: { ...process.env, ...env, PATH: path, XDG_STATE_HOME: workspace.folder },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

/** Waits for the end. @param stopAt what it prints when it shall be told to stop */
function finish(child: ChildProcess, stopAt?: RegExp): Promise<End> {
  return new Promise((resolve, reject) => {
    let text = "";
    let stopping = false;
    const limit = setTimeout(() => {
      text += `\nstill running after ${LONGEST_MS / 1000} s`;
      process.kill(-child.pid!, "SIGKILL");
    }, LONGEST_MS);
    const take = (chunk: Buffer): void => {
      text += String(chunk);
      if (stopping || stopAt === undefined || !stopAt.test(text)) return;
      stopping = true;
      child.kill("SIGTERM");
    };
    child.stdout!.on("data", take);
    child.stderr!.on("data", take);
    child.once("error", reject);
    child.once("close", (status) => {
      clearTimeout(limit);
      resolve({ status, text });
    });
  });
}

/**
 * Runs a command of the documents in the workspace, and returns what went wrong: undefined is success. One that serves
 * is told to stop once it is up, and must end with status 0.
 */
export async function runCommand(
  command: string,
  workspace: Workspace,
  env: Record<string, string>,
): Promise<string | undefined> {
  const serves = adaptationOf(command)?.serves;
  const line = serves === undefined ? lineFor(command) : `exec ${lineFor(command)}`;
  const { status, text } = await finish(start(line, workspace, env), serves);
  if (serves !== undefined && !serves.test(text)) return `${line}: was never up: ${text}`;
  return status === 0 ? undefined : `${line}: status ${status}: ${text}`;
}
