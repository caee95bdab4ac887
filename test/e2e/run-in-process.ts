import type { CommandEnd } from "./sertao-command.js";

type Main = typeof import("../../scripts/cli/main.js");

/** Runs a command line within this process, in its working directory: starting Node for each would take minutes. Needs dist. */
export async function runInProcess(args: string[]): Promise<CommandEnd> {
  const { run } = (await import(new URL("../../dist/scripts/cli/main.js", import.meta.url).href)) as Main;
  const out = { stdout: "", stderr: "" };
  const { log } = console;
  const write = process.stderr.write.bind(process.stderr);
  const print = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text: unknown) => ((out.stdout += String(text)), true);
  console.log = (line: unknown) => (out.stdout += `${String(line)}\n`);
  process.stderr.write = (text: unknown) => ((out.stderr += String(text)), true);
  try {
    return { status: await run(args), ...out };
  } finally {
    console.log = log;
    process.stdout.write = print;
    process.stderr.write = write;
  }
}
