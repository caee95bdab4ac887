import type { Command } from "commander";
import { usage } from "../../errors/usage.js";
import { openForPublishing, publish } from "../../fleet/updates/publish.js";
import { selectDevices } from "../../fleet/updates/select-devices.js";
import { readBytes } from "../../model/model-file.js";
import { signaturesAfter } from "../../ota/public-key.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";
import { addDeviceOptions, type DeviceOptions } from "./ota-devices.js";
import { knownPublicKeys, publicKeyFrom } from "./ota-options.js";
import { printPublication } from "./ota-print.js";

interface Options extends DeviceOptions {
  key?: string[];
  json?: boolean;
}

/** `sertao ota publish`. */
export function otaPublishCommand(ota: Command): void {
  const command = ota
    .command("publish")
    .description(
      "offer signed updates to devices, whose files are not needed any more then; sertao fleet serve does it",
    )
    .argument("<files...>", "updates that sertao ota sign wrote; two that were signed --together go together")
    .option("--key <files...>", "public keys of the devices, to verify the signature (default: those in .sertao/ota)")
    .option("--json", "print JSON");
  addDeviceOptions(command).addOption(storeOption()).action(publishFiles);
}

async function publishFiles(files: string[], options: Options): Promise<void> {
  const keys = (options.key ?? knownPublicKeys()).map((file) => publicKeyFrom(file));
  if (keys.length === 0) throw usage("No public key is at hand: name one with --key FILE.");
  const publicKeys = keys.map(({ publicKey }) => publicKey);
  const updates = files.map((file) => openForPublishing(readBytes(file), file, publicKeys));
  await withStore(options.store, async (store) => {
    const chosen = await selectDevices(store, options);
    const publication = await publish(store, updates, chosen, Date.now());
    const { slot, left, of } = updates
      .map(({ signer, index }) => signaturesAfter(keys[signer]!, index))
      .reduce((fewest, each) => (each.left < fewest.left ? each : fewest));
    if (options.json === true) {
      const sequences = updates.map(({ update }) => update.sequence);
      return printJson({ sequences, ...publication, signaturesLeft: left, signatures: of });
    }
    printPublication(updates, publication, chosen);
    process.stdout.write(`at most ${left} of ${of} signatures of the ${slot} key left\n`);
  });
}
