import type { Command } from "commander";
import { deviceUnknown, tagInvalid } from "../../errors/fleet.js";
import { storeOption, withStore } from "./fleet-store.js";

const TAG = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/** `sertao fleet tag`. */
export function fleetTag(fleet: Command): void {
  fleet
    .command("tag")
    .argument("<tags>", "tags, separated by commas")
    .argument("<devices...>", "ids of devices")
    .description("give devices tags, by which updates are published to them")
    .option("--remove", "take the tags away")
    .addOption(storeOption())
    .action(tagDevices);
}

async function tagDevices(text: string, devices: string[], options: { store: string; remove?: true }): Promise<void> {
  const tags = text.split(",");
  const invalid = tags.find((tag) => !TAG.test(tag));
  if (invalid !== undefined) throw tagInvalid(invalid);
  await withStore(options.store, async (store) => {
    const known = new Set((await store.devices()).map(({ device }) => device));
    const unknown = devices.find((device) => !known.has(device));
    if (unknown !== undefined) throw deviceUnknown(unknown);
    await store.updates.tag(devices, tags, options.remove === true);
    const all = await store.updates.tags();
    for (const device of devices) process.stdout.write(`${device}: ${all.get(device)?.join(", ") ?? "no tags"}\n`);
  });
}
