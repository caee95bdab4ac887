import type { Command } from "commander";
import { keyDamaged } from "../../errors/ota.js";
import { usage } from "../../errors/usage.js";
import { KEY_SLOTS } from "../../ota/manifest.js";
import { signFiles } from "../../ota/sign-files.js";
import { Signer } from "../../ota/signer.js";
import { addSigningOptions, publicKeyFrom, signerOptions, type SigningOptions } from "./ota-options.js";
import { printSigned } from "./ota-print.js";

interface Options extends SigningOptions {
  newKey?: string;
  device?: string;
  output: string;
  json?: boolean;
}

/** `sertao ota revoke`. */
export function otaRevokeCommand(ota: Command): void {
  const command = ota
    .command("revoke")
    .description("sign an update that takes a key away from devices, or replaces it")
    .argument("<slot>", "working or spare")
    .option("--new-key <file>", "public key to trust in its place")
    .option("--device <id>", "the one device that may take it")
    .requiredOption("-o, --output <file>", "where to write the update")
    .option("--json", "print JSON");
  addSigningOptions(command).action(revoke);
}

async function revoke(name: string, options: Options): Promise<void> {
  const slot = KEY_SLOTS.find((known) => known === name);
  if (slot === undefined) throw usage(`${name} is not working or spare.`);
  const { newKey, device, output } = options;
  const publicKey = newKey === undefined ? undefined : publicKeyFrom(newKey);
  if (publicKey !== undefined && publicKey.slot !== slot)
    throw keyDamaged(newKey!, `it was made as the ${publicKey.slot} key and not as the ${slot} key`);
  const manifest = {
    kind: "key" as const,
    key: { slot, ...(publicKey && { newKey: publicKey.publicKey }) },
    ...(device !== undefined && { device }),
  };
  const signing = await signerOptions(options);
  Signer.use(signing, (signer) => {
    if (signer.slot !== "spare" && signer.slot !== slot)
      throw usage(`Devices let the ${signer.slot} key change only itself; sign with the spare.`);
    const order = { manifest, image: new Uint8Array(0), compress: false, output };
    printSigned(signFiles(signer, [order], { disk: signing.disk }), signer, options.json === true);
  });
}
