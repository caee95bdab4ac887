import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { deviceUnknown, notConfirmed } from "../../errors/fleet.js";
import { storeOption, withStore } from "./fleet-store.js";

/** `sertao fleet forget`. */
export function fleetForget(fleet: Command): void {
  fleet
    .command("forget")
    .argument("<device>", "id of the device")
    .description("delete everything that the store has of a device")
    .addOption(storeOption())
    .option("--yes", "do not ask")
    .action(forget);
}

async function forget(device: string, options: { store: string; yes?: true }): Promise<void> {
  await withStore(options.store, async (store) => {
    const row = (await store.devices()).find((known) => known.device === device);
    if (row === undefined) throw deviceUnknown(device);
    const what = `Deleting ${device} with its ${row.records} results`;
    if (options.yes === undefined && !(await confirm(what))) throw notConfirmed(what);
    await store.forget(device);
    process.stdout.write(`${device} is forgotten.\n`);
  });
}

async function confirm(what: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${what}. Sure? (y/N) `)).trim());
  } finally {
    prompt.close();
  }
}
