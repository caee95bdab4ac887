import { spawn } from "node:child_process";

/** How a shell ended, and all that it printed. */
export interface ShellEnd {
  readonly status: number | null;
  readonly text: string;
}

/** Runs lines in one shell, which ends with the first that fails. */
export function runInShell(lines: readonly string[], folder: string, env: Record<string, string>): Promise<ShellEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-ec", lines.join("\n")], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    const take = (chunk: Buffer): void => void (text += String(chunk));
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, text }));
  });
}
