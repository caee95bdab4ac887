import type { Command } from "commander";
import { signatureInvalid, updateDamaged } from "../../errors/ota.js";
import { textTable } from "../../fleet/show/text-table.js";
import { readBytes } from "../../model/model-file.js";
import type { OpenedEnvelope } from "../../ota/envelope.js";
import { verifiedUpdate } from "../../ota/verified-update.js";
import { manifestView, viewRows, type View } from "../../ota/show-manifest.js";
import { knownPublicKeys, publicKeyFrom } from "./ota-options.js";

interface Options {
  key?: string[];
  json?: boolean;
}

/** `sertao ota inspect`. */
export function otaInspectCommand(ota: Command): void {
  ota
    .command("inspect")
    .description("show what a signed update says, and verify it")
    .argument("<file>", "an update that sertao ota sign wrote")
    .option("--key <files...>", "public keys to verify it with (default: those in .sertao/ota)")
    .option("--json", "print JSON")
    .action(inspect);
}

function inspect(path: string, options: Options): void {
  const keys = (options.key ?? knownPublicKeys()).map(publicKeyFrom);
  const update = verifiedUpdate(
    readBytes(path),
    keys.map(({ publicKey }) => publicKey),
  );
  if (typeof update === "string") throw updateDamaged(path, update);
  const { opened, manifest, envelopeBytes } = update;
  if (opened.proof === "signature" && keys.length > 0 && opened.signer < 0) throw signatureInvalid(path);
  const view: View = {
    ...proofOf(opened, keys[opened.signer]?.slot),
    envelopeBytes,
    ...manifestView(manifest),
  };
  console.log(options.json ? JSON.stringify(view) : textTable(["field", "value"], viewRows(view)));
}

function proofOf({ proof, keyId: id, index, hashes }: OpenedEnvelope, slot: string | undefined): View {
  if (proof === "mac") return { signature: "none: a MAC for one device, not verified" };
  return {
    signature: slot === undefined ? "not verified: no public key at hand" : `${slot} key`,
    keyId: Buffer.from(id).toString("hex"),
    index,
    ...(slot !== undefined && { hashes }),
  };
}
