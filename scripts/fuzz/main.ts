import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { Progress } from "../cli/progress.js";
import { fuzzTargetUnknown } from "../errors/fuzz.js";
import { SertaoError } from "../errors/sertao-error.js";
import { fuzzModels, LIMIT_BYTES, type FuzzReport } from "./run-fuzz.js";

const TARGETS = ["model"];

interface Words {
  readonly cases: string;
  readonly seed: string;
  readonly case?: string;
  readonly json?: boolean;
}

/** Runs one command line (without node and script name) and returns the exit status: 1 where a case failed. */
export async function run(args: string[]): Promise<number> {
  let status = 0;
  const program = new Command("fuzz")
    .description("Feeds hostile input to what reads files: every answer must be an error with a code, or none")
    .argument("<target>", TARGETS.join(", "))
    .option("--cases <count>", "how many to try", "5000")
    .option("--seed <number>", "of the cases", "1")
    .option("--case <number>", "only this one, as a failure is printed")
    .option("--json", "print JSON")
    .action(async (target: string, words: Words) => {
      if (!TARGETS.includes(target)) throw fuzzTargetUnknown(target, TARGETS.join(", "));
      const seed = Number(words.seed) | 0;
      const only = words.case === undefined ? undefined : Number(words.case) | 0;
      const first = only ?? 0;
      const last = only === undefined ? Math.max(1, Number(words.cases) | 0) : only + 1;
      const bar = new Progress(`hostile ${target}s, seed ${seed}`, last - first);
      const report = await fuzzModels({ seed, first, last, onProgress: (done) => bar.update(done) });
      bar.stop();
      process.stdout.write(words.json ? `${JSON.stringify(report, null, 2)}\n` : text(target, report));
      if (report.failures.length > 0) status = 1;
    });
  await program.parseAsync(args, { from: "user" });
  return status;
}

function text(target: string, { seed, cases, outcomes, mostBytes, failures }: FuzzReport): string {
  const counted = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  return [
    ...failures.map(
      ({ index, kind, problem }) =>
        `FAILED: ${kind}: ${problem}\n  again with: npm run fuzz -- ${target} --seed ${seed} --case ${index}`,
    ),
    ...counted.map(([outcome, count]) => `${String(count).padStart(7)}  ${outcome}`),
    `${cases} cases with seed ${seed}, ${failures.length} failed; most memory ${(mostBytes / 1048576).toFixed(1)} MB of ${
      LIMIT_BYTES / 1048576
    }`,
    "",
  ].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    process.exitCode = error instanceof SertaoError ? error.exitCode : 1;
    process.stderr.write(`fuzz: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
