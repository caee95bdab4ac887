import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { Progress } from "../cli/progress.js";
import { mutantSubjectUnknown } from "../errors/mutants.js";
import { SertaoError } from "../errors/sertao-error.js";
import { mutantName } from "./mutant.js";
import { mutantsOf, runMutants, sampleOf, type Tried } from "./run-mutants.js";
import { subjects, type Subject } from "./subjects.js";

interface Words {
  readonly sample: string;
  readonly seed: string;
  readonly all?: boolean;
  readonly file?: string;
  readonly only?: string;
  readonly jobs: string;
  readonly json?: boolean;
  readonly list?: boolean;
}

/** Runs one command line (without node and script name) and returns the exit status: 1 where a mutant survived. */
export async function run(args: string[]): Promise<number> {
  let status = 0;
  const program = new Command("mutants")
    .description("Plants small faults in a copy of the sources, one at a time: the tests must notice each")
    .argument("<subject>", subjects.map(({ name }) => name).join(", "))
    .option("--sample <count>", "how many to try", "150")
    .option("--seed <number>", "of the sample", "1")
    .option("--all", "try every one: takes an hour and more")
    .option("--file <part>", "only in files whose path has this in it")
    .option("--only <place>", "only at this place, as a survivor is printed: lib/nn/pool.ts:31:26")
    .option("--jobs <count>", "trials at one time", String(availableParallelism()))
    .option("--list", "print the mutants and try none")
    .option("--json", "print JSON")
    .action(async (name: string, words: Words) => {
      const subject = subjects.find((known) => known.name === name);
      if (subject === undefined) throw mutantSubjectUnknown(name, subjects.map((known) => known.name).join(", "));
      status = await tryAll(subject, words);
    });
  await program.parseAsync(args, { from: "user" });
  return status;
}

async function tryAll(subject: Subject, words: Words): Promise<number> {
  const { mutants: all, equivalent } = mutantsOf(subject);
  const inFiles = all.filter(({ file }) => file.includes(words.file ?? ""));
  const at = words.only === undefined ? inFiles : inFiles.filter((mutant) => mutantName(mutant) === words.only);
  if (at.length === 0) throw mutantSubjectUnknown(`${words.only ?? words.file}`, `the mutants of ${subject.name}`);
  const wanted = words.all || words.only !== undefined ? at.length : Math.max(1, Number(words.sample) | 0);
  const mutants = sampleOf(at, wanted, Number(words.seed));
  if (words.list) {
    for (const mutant of mutants) console.log(`${mutantName(mutant)}  ${mutant.from} → ${mutant.to}`);
    return 0;
  }
  const begun = performance.now();
  const bar = new Progress(`mutants of ${subject.name}`, mutants.length);
  const jobs = Math.max(1, Number(words.jobs) | 0);
  const tried = await runMutants(subject, mutants, {
    jobs,
    onTried: (one, done) => {
      bar.update(done);
      if (!one.isKilled && !words.json) console.log(survivor(one));
    },
  });
  bar.stop();
  const survivors = tried.filter(({ isKilled }) => !isKilled);
  const seconds = (performance.now() - begun) / 1000;
  const summary = {
    subject: subject.name,
    seed: Number(words.seed),
    mutants: all.length,
    equivalent,
    tried: tried.length,
    killed: tried.length - survivors.length,
    survived: survivors.length,
    seconds: Math.round(seconds),
  };
  console.log(words.json ? JSON.stringify({ ...summary, tried }, null, 2) : report(tried, summary));
  return survivors.length > 0 ? 1 : 0;
}

function survivor({ mutant }: Tried): string {
  return `SURVIVED ${mutantName(mutant)}  ${mutant.from} → ${mutant.to}   in: ${mutant.text}`;
}

function report(tried: readonly Tried[], summary: Record<string, number | string>): string {
  const byFile = new Map<string, { tried: number; killed: number }>();
  for (const { mutant, isKilled } of tried) {
    const row = byFile.get(mutant.file) ?? { tried: 0, killed: 0 };
    byFile.set(mutant.file, { tried: row.tried + 1, killed: row.killed + (isKilled ? 1 : 0) });
  }
  const width = Math.max(...[...byFile.keys()].map((file) => file.length));
  return [
    ...[...byFile].map(([file, row]) => `${file.padEnd(width)}  ${row.killed} of ${row.tried} killed`),
    `${summary["killed"]} of ${summary["tried"]} mutants killed, ${summary["survived"]} survived, ${summary["seconds"]} s ` +
      `(seed ${summary["seed"]}; ${summary["mutants"]} mutants in all, and ${summary["equivalent"]} that change nothing)`,
  ].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    process.exitCode = error instanceof SertaoError ? error.exitCode : 1;
    process.stderr.write(`mutants: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
