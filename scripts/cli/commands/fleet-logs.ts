import type { Command } from "commander";
import { textTable } from "../../fleet/show/text-table.js";
import { timeText } from "../../fleet/show/time-text.js";
import { positiveCount } from "./fleet-count.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";

const LEVELS = ["error", "warning", "information", "debug"];
const DEFAULT_LINES = 50;

interface Options {
  store: string;
  device?: string;
  limit: number;
  json?: true;
}

/** `sertao fleet logs`. */
export function fleetLogs(fleet: Command): void {
  fleet
    .command("logs")
    .description("print the last lines that devices logged")
    .addOption(storeOption())
    .option("--device <id>", "of one device")
    .option("--limit <n>", "at most this many", positiveCount, DEFAULT_LINES)
    .option("--json", "print JSON")
    .action(printLogs);
}

async function printLogs(options: Options): Promise<void> {
  const rows = await withStore(options.store, (store) => store.logs(options.device, options.limit));
  if (options.json) return printJson(rows);
  const cells = rows.map((row) => [timeText(row.receivedAt), row.device, LEVELS[row.level] ?? "-", row.text]);
  process.stdout.write(rows.length === 0 ? "No lines.\n" : textTable(["received", "device", "level", "line"], cells));
}
