import { SertaoError } from "../errors/sertao-error.js";
import { openEnvelope, type OpenedEnvelope } from "./envelope.js";
import { describeImage } from "./image.js";
import { decodeManifest } from "./manifest.js";
import { decodeUpdateFile } from "./update-file.js";
import type { UpdateManifest } from "./update-manifest.js";

/** A signed update, taken apart. */
export interface OpenedUpdate {
  readonly opened: OpenedEnvelope;
  readonly manifest: UpdateManifest;
  readonly image: Uint8Array;
  readonly envelopeBytes: number;
}

/**
 * Opens the bytes of an update file: envelope, manifest and image must fit each other. Whether one of the keys has signed
 * it, `opened.signer` says.
 * @returns the update, or what is wrong with the bytes
 */
export function verifiedUpdate(bytes: Uint8Array, keys: readonly Uint8Array[]): OpenedUpdate | string {
  let file: ReturnType<typeof decodeUpdateFile>;
  try {
    file = decodeUpdateFile(bytes, "");
  } catch (error) {
    if (error instanceof SertaoError) return error.problem.replace(/^.*?: |\.$/g, "");
    throw error;
  }
  const { envelope, image } = file;
  const opened = openEnvelope(envelope, keys);
  if (opened === undefined) return "its envelope is none";
  const manifest = decodeManifest(opened.payload);
  if (typeof manifest === "number") return `a device would refuse its manifest with error ${manifest}`;
  return imageFits(manifest, image)
    ? { opened, manifest, image, envelopeBytes: envelope.length }
    : "its image is not the one that was signed";
}

function imageFits({ image: signed }: UpdateManifest, image: Uint8Array): boolean {
  if (signed === undefined) return image.length === 0;
  const { digest, blockHashes, bytes } = describeImage(image, signed.compression);
  return (
    bytes === signed.bytes &&
    Buffer.from(digest).equals(signed.digest) &&
    // A device goes by the hashes: a signer that made them otherwise would be noticed here.
    Buffer.from(blockHashes).equals(signed.blockHashes)
  );
}
