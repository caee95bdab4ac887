#!/usr/bin/env node
import { pathToFileURL } from "node:url";
import { Command, CommanderError } from "commander";
import { SertaoError } from "../errors/sertao-error.js";
import { usage } from "../errors/usage.js";
import { commands } from "./commands.js";
import { packageVersion } from "./version.js";

/** Runs one command line (without node and script name) and returns the exit status. */
export async function run(args: string[]): Promise<number> {
  const program = new Command("sertao")
    .description("Int8 inference on JavaScript microcontrollers, with results that survive any outage")
    .version(packageVersion())
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  for (const command of commands) command(program);
  adoptSettings(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    return report(error);
  }
}

/** Sub-commands do not inherit how errors are shown. */
function adoptSettings(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent);
    adoptSettings(child);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const known =
    error instanceof SertaoError
      ? error
      : error instanceof CommanderError
        ? usage(sentence(error.message.replace(/^error: /, "")))
        : undefined;
  if (known === undefined) {
    const cause = error instanceof Error ? (process.env["SERTAO_DEBUG"] ? error.stack : error.message) : String(error);
    process.stderr.write(
      `sertao: INTERNAL: ${cause}. This is a defect: please report it, with the output of SERTAO_DEBUG=1.\n`,
    );
    return 1;
  }
  process.stderr.write(`sertao: ${known.message}\n`);
  return known.exitCode;
}

function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line === "(outputHelp)" ? "A command is missing." : /[.?!)]$/.test(line) ? line : `${line}.`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await run(process.argv.slice(2));
}
