import { deviceList } from "../../fleet/show/device-list.js";
import { needsMac } from "../../fleet/updates/served-updates.js";
import { leftOutText, type Publication, type VerifiedUpdate } from "../../fleet/updates/publish.js";
import type { ChosenDevices } from "../../fleet/updates/select-devices.js";
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

/** Says to whom updates were published, and to whom not; what may keep a device from taking them goes to stderr. */
export function printPublication(
  updates: readonly VerifiedUpdate[],
  { published, known, leftOut }: Publication,
  { rows }: ChosenDevices,
): void {
  for (const { manifest } of updates) {
    const { kind, label, sequence } = manifest;
    const name = label === undefined ? kind : `${kind} ${label}`;
    console.log(`${name}, sequence ${sequence}: published to ${deviceList(published) || "no further device"}`);
  }
  if (known.length > 0) console.log(`published before to ${deviceList(known)}`);
  for (const refusal of leftOut) console.log(`left out: ${leftOutText(refusal)}`);
  const concerned = rows.filter(({ device }) => published.includes(device));
  const silent = concerned.filter(({ board, application }) => board === null || application === null);
  const keyed = concerned.filter(({ board }) => needsMac(board));
  if (silent.length > 0) warn(`what they are is not known yet, so they may refuse it: ${devicesIn(silent)}`);
  if (keyed.length > 0)
    warn(`they take a MAC for a signature, and sertao fleet serve needs their keys: ${devicesIn(keyed)}`);
}

function devicesIn(rows: ChosenDevices["rows"]): string {
  return deviceList(rows.map(({ device }) => device));
}

function warn(text: string): void {
  process.stderr.write(`sertao: warning: ${text}.\n`);
}
