import { describeImage, packPieces } from "../../scripts/ota/image.js";
import { encodeManifest } from "../../scripts/ota/manifest.js";
import { signedEnvelope, toBeSigned } from "../../scripts/ota/envelope.js";
import { hssPublicKey, hssSignature } from "../../scripts/ota/lms/hss.js";
import { UPDATE_PARAMETERS } from "../../scripts/ota/lms/parameters.js";
import { LmsPrivateKey } from "../../scripts/ota/lms/private-key.js";
import { makeLeaves } from "../../scripts/ota/lms/tree.js";
import type { UpdateManifest } from "../../scripts/ota/update-manifest.js";
import { seededBytes } from "../crypto/seeded-bytes.js";

/** 20 KB, as compressible as a bundle. */
export const image = Buffer.from(
  Array.from({ length: 1400 }, (_, i) => `f${i % 97}(t${i % 7}+${i});`).join(""),
).subarray(0, 20480);

const random = seededBytes(20260801);
const identifier = random(16);
const seed = random(32);
/** A key as devices trust it: H10 and W4. */
const key = new LmsPrivateKey(UPDATE_PARAMETERS, identifier, seed, makeLeaves(UPDATE_PARAMETERS, identifier, seed));
export const publicKey = hssPublicKey(key.publicKey());

/** A model of 20 KB for an orchard's ESP32, as `sertao ota sign` would describe it. */
export const modelUpdate: UpdateManifest = {
  kind: "model",
  sequence: 1785542400,
  application: "orchard-frost",
  boards: ["esp32", "esp32c3"],
  runtime: "0.1.0",
  image: describeImage(image, "heatshrink"),
  model: { arenaBytes: 600, operators: [1, 4], inputBytes: 4, outputBytes: 1, goldens: 2 },
  trial: { inferences: 10, crashes: 3 },
  label: "orchard-frost 0.1.0",
};

/** The first piece of the image as it travels. */
export const piece = packPieces(image, "heatshrink")[0]!;

/** Signs a manifest, each time with another leaf. */
export function signUpdate(leaf: number, manifest: UpdateManifest): Uint8Array {
  const payload = encodeManifest(manifest);
  const message = toBeSigned(publicKey, payload);
  const randomizer = key.chooseRandomizer(leaf, message, random);
  return signedEnvelope(publicKey, payload, hssSignature(key.sign(leaf, message, randomizer)));
}
