import { signedEnvelope, toBeSigned } from "../../../../scripts/ota/envelope.js";
import { describeImage } from "../../../../scripts/ota/image.js";
import { hssPublicKey, hssSignature } from "../../../../scripts/ota/lms/hss.js";
import { LmsPrivateKey } from "../../../../scripts/ota/lms/private-key.js";
import { makeLeaves } from "../../../../scripts/ota/lms/tree.js";
import { encodeManifest } from "../../../../scripts/ota/manifest.js";
import { encodeUpdateFile } from "../../../../scripts/ota/update-file.js";
import type { UpdateManifest } from "../../../../scripts/ota/update-manifest.js";
import { openForPublishing, type VerifiedUpdate } from "../../../../scripts/fleet/updates/publish.js";
import { seededBytes } from "../../../crypto/seeded-bytes.js";

const random = seededBytes(20260901);
const parameters = { height: 5, window: 4 } as const;
const identifier = random(16);
const seed = random(32);
const key = new LmsPrivateKey(parameters, identifier, seed, makeLeaves(parameters, identifier, seed));
let leaf = 0;

/** A small key: 32 signatures. */
export const publicKey = hssPublicKey(key.publicKey());

/** Text that compresses in some pieces. */
export const image = Buffer.from(
  Array.from({ length: 400 }, (_, i) => `f${i % 97}(t${i % 7}+${i});`).join("") + random(1500).toString(),
);

/** What a model of an orchard's boards says of itself. */
export const model = {
  kind: "model",
  application: "orchard-frost",
  boards: ["esp32", "esp8266-4mb"],
  model: { arenaBytes: 600, operators: [1, 4], inputBytes: 4, outputBytes: 1, goldens: 2 },
} as const;

/** A signed update file. */
export function signedFile(
  sequence: number,
  more: Partial<UpdateManifest> = {},
  bytes: Uint8Array = image,
  compression: "none" | "heatshrink" = "heatshrink",
): Uint8Array {
  const described = bytes.length === 0 ? {} : { image: describeImage(bytes, compression) };
  const own = more.kind === "key" ? {} : model;
  const payload = encodeManifest({ kind: "key", ...own, ...described, ...more, sequence });
  const message = toBeSigned(publicKey, payload);
  const randomizer = key.chooseRandomizer(leaf, message, random, 2);
  const signature = hssSignature(key.sign(leaf++, message, randomizer));
  return encodeUpdateFile({ envelope: signedEnvelope(publicKey, payload, signature), image: bytes });
}

/** A signed update, ready to be published. */
export function verified(...signed: Parameters<typeof signedFile>): VerifiedUpdate {
  return openForPublishing(signedFile(...signed), "test.update", [publicKey]);
}
