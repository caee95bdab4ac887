import type { Command } from "commander";
import { updateFetched, updateNotOpen, updateUnknown } from "../../errors/rollout.js";
import { deviceList } from "../../fleet/show/device-list.js";
import { isChoice, selectDevices } from "../../fleet/updates/select-devices.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";
import { addDeviceOptions, type DeviceOptions } from "./ota-devices.js";
import { wholeNumber } from "./ota-options.js";

interface Options extends DeviceOptions {
  json?: boolean;
}

/** `sertao ota withdraw`. */
export function otaWithdrawCommand(ota: Command): void {
  const command = ota
    .command("withdraw")
    .description("take a published update back from devices that do not have it yet (default: from all of them)")
    .argument("<sequence>", "the update (sertao ota status lists them)")
    .option("--json", "print JSON");
  addDeviceOptions(command).addOption(storeOption()).action(withdraw);
}

async function withdraw(text: string, options: Options): Promise<void> {
  const sequence = wholeNumber("sequence", text);
  await withStore(options.store, async (store) => {
    if ((await store.updates.update(sequence)) === undefined) throw updateUnknown(sequence);
    const chosen = isChoice(options) ? await selectDevices(store, options) : undefined;
    const devices = chosen?.rows.map(({ device }) => device);
    const outcome = await store.updates.withdraw(sequence, devices, Date.now());
    const { withdrawn, fetched } = outcome;
    if (withdrawn.length === 0)
      throw fetched.length > 0 ? updateFetched(sequence, deviceList(fetched)) : updateNotOpen(sequence);
    if (options.json === true) return printJson({ sequence, ...outcome });
    process.stdout.write(`${sequence} is withdrawn from ${deviceList(withdrawn)}.\n`);
    if (fetched.length > 0)
      process.stdout.write(`${deviceList(fetched)} had it already: sertao ota rollback goes back.\n`);
  });
}
