import type { Command } from "commander";
import { devicesTable } from "../../fleet/show/devices-text.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";

/** `sertao fleet devices`. */
export function fleetDevices(fleet: Command): void {
  fleet
    .command("devices")
    .description(
      "print each device: state, software, tags, what waits, repeats, conflicts, evictions, gaps and clocks that run wrong",
    )
    .addOption(storeOption())
    .option("--json", "print JSON, with clocks, missing sequences and conflicts")
    .action(printDevices);
}

async function printDevices(options: { store: string; json?: true }): Promise<void> {
  await withStore(options.store, async (store) => {
    const known = await store.devices();
    const tags = await store.updates.tags();
    const rows = await Promise.all(
      known.map(async (row) => ({
        ...row,
        tags: tags.get(row.device) ?? [],
        clocks: await store.clocks(row.device),
      })),
    );
    if (options.json === undefined) {
      process.stdout.write(rows.length === 0 ? "No devices.\n" : devicesTable(rows));
      return;
    }
    const detail = rows.map(async (row) => ({
      ...row,
      gaps: await store.gaps(row.device),
      conflicting: await store.conflicts(row.device),
    }));
    printJson(await Promise.all(detail));
  });
}
