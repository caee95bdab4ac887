import { manifestInvalid } from "../errors/ota.js";
import { replaceFile, type Disk } from "./disk.js";
import { describeImage } from "./image.js";
import { encodeManifest } from "./manifest.js";
import type { Signer } from "./signer.js";
import { type Signed } from "./signer.js";
import { encodeUpdateFile } from "./update-file.js";
import type { UpdateManifest } from "./update-manifest.js";

/** Something to sign: what it says of itself but for sequence and image, and where the update goes. */
export interface Order {
  readonly manifest: Omit<UpdateManifest, "sequence" | "image" | "companion">;
  readonly image: Uint8Array;
  readonly compress: boolean;
  readonly output: string;
}

/** An update that was signed and written. */
export interface SignedUpdate extends Omit<Signed, "envelope"> {
  readonly file: string;
  readonly manifest: UpdateManifest;
  readonly envelopeBytes: number;
}

export interface SignFilesOptions {
  readonly disk: Disk;
  /** Sequence of the first; each further one has the next. Absent: the signer chooses. */
  readonly sequence?: number | undefined;
  /** True where the first two become active together. */
  readonly together?: boolean | undefined;
}

/**
 * Signs and writes updates, one after another. All are checked before the first uses up an index.
 * @throws SertaoError OTA_MANIFEST_INVALID, and those of `Signer.sign`
 */
export function signFiles(signer: Signer, orders: readonly Order[], options: SignFilesOptions): SignedUpdate[] {
  const first = options.sequence ?? signer.nextSequence();
  if (first <= signer.lastSequence)
    throw manifestInvalid(`sequence ${first} is not above ${signer.lastSequence}, which was signed already`);
  const manifests = manifestsOf(orders, first, options.together === true);
  const payloads = manifests.map(encodeManifest);
  return orders.map(({ image, output }, i) => {
    const manifest = manifests[i]!;
    const what = [manifest.kind, manifest.label ?? manifest.application ?? manifest.key?.slot].join(" ");
    const { envelope, index, hashes } = signer.sign(payloads[i]!, manifest.sequence, what);
    replaceFile(options.disk, output, encodeUpdateFile({ envelope, image }));
    return { file: output, manifest, index, hashes, envelopeBytes: envelope.length };
  });
}

/** The manifests that orders get with the sequences from `first` on. @param together the first two name each other */
export function manifestsOf(orders: readonly Order[], first: number, together: boolean): UpdateManifest[] {
  return orders.map(({ manifest, image, compress }, i) => {
    const companion = together && i < 2 ? { companion: first + 1 - i } : {};
    const described = image.length === 0 ? {} : { image: describeImage(image, compress ? "heatshrink" : "none") };
    return { ...manifest, sequence: first + i, ...companion, ...described };
  });
}
