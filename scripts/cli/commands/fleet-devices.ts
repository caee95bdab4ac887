import type { Command } from "commander";
import { devicesTable } from "../../fleet/show/devices-text.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";

/** `sertao fleet devices`. */
export function fleetDevices(fleet: Command): void {
  fleet
    .command("devices")
    .description("print each device: state, software, what waits, repeats, conflicts, evictions and gaps")
    .addOption(storeOption())
    .option("--json", "print JSON, with the missing sequences and the conflicts")
    .action(printDevices);
}

async function printDevices(options: { store: string; json?: true }): Promise<void> {
  await withStore(options.store, async (store) => {
    const rows = await store.devices();
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
