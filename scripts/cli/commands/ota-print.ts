import type { SignedUpdate } from "../../ota/sign-files.js";
import type { Signer } from "../../ota/signer.js";
import { manifestView } from "../../ota/show-manifest.js";

/** Says what was signed, and how many signatures are left; a warning goes to stderr. */
export function printSigned(signed: readonly SignedUpdate[], signer: Signer, json: boolean): void {
  const { left, of, few } = signer.remaining;
  if (json) {
    const updates = signed.map(({ file, manifest, index, hashes, envelopeBytes }) => ({
      file,
      index,
      hashes,
      envelopeBytes,
      manifest: manifestView(manifest),
    }));
    console.log(JSON.stringify({ slot: signer.slot, updates, signaturesLeft: left, signatures: of }));
  } else {
    for (const { file, manifest, index, hashes, envelopeBytes } of signed)
      console.log(
        `${file}: ${manifest.kind}, sequence ${manifest.sequence}, index ${index}; ` +
          `envelope of ${envelopeBytes} bytes, ${hashes} hashes to verify`,
      );
    console.log(`${left} of ${of} signatures left`);
  }
  if (few)
    process.stderr.write(
      `sertao: warning: the ${signer.slot} key has ${left} signatures left: make a new one with sertao ota keygen ` +
        `and give it to the devices with sertao ota revoke ${signer.slot} --new-key FILE.\n`,
    );
}
