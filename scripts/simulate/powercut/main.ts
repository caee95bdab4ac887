import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { Progress } from "../../cli/progress.js";
import { powercutForm, powercutUnknown } from "../../errors/powercut.js";
import { SertaoError } from "../../errors/sertao-error.js";
import { parseForm } from "../flash/torn-form.js";
import type { Cut, Exploration } from "./explore.js";
import type { Runnable } from "./run-subjects.js";
import { runnables } from "./run-subjects.js";

interface Words {
  readonly cut?: string;
  readonly form?: string;
  readonly then?: string;
  readonly thenForm?: string;
  readonly json?: boolean;
}

interface Row extends Exploration {
  readonly name: string;
  readonly seconds: number;
}

/** Runs one command line (without node and script name) and returns the exit status: 1 where a promise was broken. */
export async function run(args: string[]): Promise<number> {
  let status = 0;
  const program = new Command("powercut")
    .description("Cuts the power at every flash operation of a scenario, and again at every one of each recovery")
    .argument("[name]", "settings, outbox, update, or one scenario, such as outbox/drop; all where absent")
    .option("--cut <operation>", "only the cut at this operation")
    .option("--form <form>", "what that cut leaves behind, such as prefix/5")
    .option("--then <operation>", "a second cut, at this operation of what follows")
    .option("--then-form <form>", "what the second cut leaves behind")
    .option("--json", "print the figures as JSON")
    .action((name: string | undefined, words: Words) => {
      const only = words.cut === undefined && words.form === undefined ? undefined : onlyCuts(words);
      const rows = choose(name).map((subject) => tryAll(subject, only));
      process.stdout.write(words.json === true ? `${JSON.stringify(rows, null, 2)}\n` : report(rows));
      if (rows.some((row) => row.violations.length > 0 || row.firstCuts === 0)) status = 1;
    });
  await program.parseAsync(args, { from: "user" });
  return status;
}

function choose(name = ""): Runnable[] {
  const all = runnables();
  const chosen = all.filter((subject) => subject.name === name || subject.name.startsWith(name && `${name}/`));
  if (chosen.length === 0) throw powercutUnknown(name, all.map((subject) => subject.name).join(", "));
  return chosen;
}

function onlyCuts(words: Words): { first: Cut; second?: Cut | undefined } {
  const second = words.then === undefined ? undefined : readCut(words.then, words.thenForm);
  return { first: readCut(words.cut, words.form), second };
}

function readCut(operation: string | undefined, text: string | undefined): Cut {
  const form = parseForm(text ?? "");
  const number = Number(operation);
  if (form === undefined || !Number.isInteger(number) || number < 1) throw powercutForm(`${operation} ${text}`);
  return { operation: number, form };
}

function tryAll(subject: Runnable, only: { first: Cut; second?: Cut | undefined } | undefined): Row {
  const begun = performance.now();
  const bar = new Progress(subject.name, subject.steps);
  const result = subject.explore({
    variety: 2,
    firstEvery: 1,
    secondEvery: 7,
    ...(only === undefined ? {} : { only }),
    onProgress: (step) => bar.update(step + 1),
  });
  bar.stop();
  return { name: subject.name, seconds: (performance.now() - begun) / 1000, ...result };
}

function report(rows: Row[]): string {
  const lines = rows.map(
    (row) =>
      `${row.name.padEnd(16)} ${row.operations} operations, ${row.firstCuts} cuts, ${row.secondCuts} second cuts, ` +
      `${row.violations.length} violations, ${row.seconds.toFixed(1)} s`,
  );
  const cuts = rows.reduce((sum, row) => sum + row.firstCuts + row.secondCuts, 0);
  const broken = rows.flatMap((row) => row.violations);
  return [...broken.slice(0, 20), ...lines, `${cuts} cuts tried, ${broken.length} violations`, ""].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    process.exitCode = error instanceof SertaoError ? error.exitCode : 1;
    process.stderr.write(`powercut: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
