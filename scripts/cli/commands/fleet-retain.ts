import type { Command } from "commander";
import { positiveCount } from "./fleet-count.js";
import { storeOption, withStore } from "./fleet-store.js";

const DAY_MS = 86_400_000;

/** `sertao fleet retain`. */
export function fleetRetain(fleet: Command): void {
  fleet
    .command("retain")
    .description("delete results, log lines and refused messages received longer ago; late repeats stay known")
    .addOption(storeOption())
    .requiredOption("--days <n>", "how many days to keep", positiveCount)
    .action(async ({ store: file, days }: { store: string; days: number }) => {
      const count = await withStore(file, (store) => store.retain(Date.now() - days * DAY_MS));
      process.stdout.write(`${count} results deleted.\n`);
    });
}
