import { type Command, Option } from "commander";
import { resultsCsv, resultsTable } from "../../fleet/show/results-text.js";
import { parseSince } from "../../fleet/show/time-text.js";
import type { ResultsQuery } from "../../fleet/store/store.js";
import { positiveCount } from "./fleet-count.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";

const TABLE_ROWS = 50;

interface Options {
  store: string;
  device?: string;
  since?: string;
  limit?: number;
  json?: true;
  csv?: true;
}

/** `sertao fleet results`. */
export function fleetResults(fleet: Command): void {
  fleet
    .command("results")
    .description("print the last results, with their time and how sure it is")
    .addOption(storeOption())
    .option("--device <id>", "of one device")
    .option("--since <time>", "from a date like 2026-03-01 on, or an age like 90m, 2h or 3d")
    .option("--limit <n>", `at most this many, the last received (a table: ${TABLE_ROWS})`, positiveCount)
    .addOption(new Option("--json", "print JSON, every column").conflicts("csv"))
    .option("--csv", "print CSV, every column")
    .action(printResults);
}

async function printResults(options: Options): Promise<void> {
  const isTable = options.json === undefined && options.csv === undefined;
  const limit = options.limit ?? (isTable ? TABLE_ROWS : undefined);
  const query: ResultsQuery = {
    ...(options.device === undefined ? {} : { device: options.device }),
    ...(options.since === undefined ? {} : { since: parseSince(options.since, Date.now()) }),
    ...(limit === undefined ? {} : { limit }),
  };
  const rows = await withStore(options.store, (store) => store.results(query));
  if (options.json) printJson(rows);
  else if (options.csv) process.stdout.write(resultsCsv(rows));
  else process.stdout.write(rows.length === 0 ? "No results.\n" : resultsTable(rows));
}
