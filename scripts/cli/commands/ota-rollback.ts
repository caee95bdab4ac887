import { join } from "node:path";
import type { Command } from "commander";
import { type Manifest, readManifest } from "../../../lib/update/manifest.js";
import { judgeDevices, openForPublishing, publish } from "../../fleet/updates/publish.js";
import { highestPublished, ordersToRestore } from "../../fleet/updates/restore.js";
import { type ChosenDevices, selectDevices } from "../../fleet/updates/select-devices.js";
import type { Store } from "../../fleet/store/store.js";
import { readBytes } from "../../model/model-file.js";
import { keyId } from "../../ota/envelope.js";
import { encodeManifest } from "../../ota/manifest.js";
import { manifestsOf, type Order, signFiles } from "../../ota/sign-files.js";
import { Signer } from "../../ota/signer.js";
import { printJson, storeOption, withStore } from "./fleet-store.js";
import { addDeviceOptions, type DeviceOptions } from "./ota-devices.js";
import {
  addSigningOptions,
  KEY_FOLDER,
  publicKeyFrom,
  signerOptions,
  type SigningOptions,
  wholeNumber,
} from "./ota-options.js";
import { printPublication, printSigned } from "./ota-print.js";

const MAX_SEQUENCE = 0xffffffff;

interface Options extends DeviceOptions, SigningOptions {
  json?: boolean;
}

/** `sertao ota rollback`. */
export function otaRollbackCommand(ota: Command): void {
  const command = ota
    .command("rollback")
    .description("sign an image that was published earlier anew, with a higher sequence, and publish it")
    .argument("<sequence>", "the earlier update to go back to (sertao ota status lists them)")
    .option("--json", "print JSON");
  addSigningOptions(addDeviceOptions(command)).addOption(storeOption()).action(rollback);
}

async function rollback(text: string, options: Options): Promise<void> {
  const sequence = wholeNumber("sequence", text);
  await withStore(options.store, async (store) => {
    const chosen = await selectDevices(store, options);
    const place = (earlier: number): string => join(KEY_FOLDER, `rollback-${earlier}.update`);
    const orders = await ordersToRestore(store.updates, sequence, place);
    await assertWanted(store, orders, chosen);
    const { publicKey } = publicKeyFrom(options.key);
    const id = Buffer.from(keyId(publicKey)).toString("hex");
    const signing = { ...(await signerOptions(options)), highestPublished: await highestPublished(store.updates, id) };
    const greatest = await greatestOf(store, chosen);
    const together = orders.length === 2;
    const files = Signer.use(signing, (signer) => {
      const first = Math.max(signer.nextSequence(), greatest + 1);
      const signed = signFiles(signer, orders, { disk: signing.disk, sequence: first, together });
      if (options.json !== true) printSigned(signed, signer, false);
      return signed.map(({ file }) => file);
    });
    const updates = files.map((file) => openForPublishing(readBytes(file), file, [publicKey]));
    const publication = await publish(store, updates, chosen, Date.now());
    if (options.json === true)
      printJson({ sequences: updates.map(({ update }) => update.sequence), files, ...publication });
    else printPublication(updates, publication, chosen);
  });
}

/** Before a signature is used up: the devices would take the image with the greatest sequence that there is. */
async function assertWanted(store: Store, orders: readonly Order[], chosen: ChosenDevices): Promise<void> {
  const manifests = manifestsOf(orders, MAX_SEQUENCE + 1 - orders.length, orders.length === 2);
  const read = manifests.map(encodeManifest).map((bytes) => readManifest(bytes, 0, bytes.length) as Manifest);
  await judgeDevices(
    store,
    read,
    manifests.map(({ sequence }) => sequence),
    chosen,
  );
}

/** Greatest sequence that any of the devices knows of. */
async function greatestOf(store: Store, { rows }: ChosenDevices): Promise<number> {
  const greatest = await store.updates.greatestSequences([]);
  return Math.max(0, ...rows.map(({ device }) => greatest.get(device) ?? 0));
}
