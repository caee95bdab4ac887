import { describeImage } from "../../ota/image.js";
import { encodeManifest } from "../../ota/manifest.js";
import { signedEnvelope, toBeSigned } from "../../ota/envelope.js";
import { hssPublicKey, hssSignature } from "../../ota/lms/hss.js";
import { UPDATE_PARAMETERS } from "../../ota/lms/parameters.js";
import { LmsPrivateKey } from "../../ota/lms/private-key.js";
import { makeLeaves } from "../../ota/lms/tree.js";
import type { UpdateManifest } from "../../ota/update-manifest.js";
import { SeededRandom } from "../../readings/seeded-random.js";

/** An update of a scenario. */
export interface FetchedUpdate {
  readonly kind: number;
  readonly sequence: number;
  readonly image: Uint8Array;
  readonly envelope: Uint8Array;
}

/** Offers one after another; of each, how many blocks are answered before the next comes. */
export interface FetchScenario {
  readonly name: string;
  readonly steps: readonly { readonly update: FetchedUpdate; readonly blocks: number }[];
}

export interface FetchScenarios {
  readonly publicKey: Uint8Array;
  readonly scenarios: readonly FetchScenario[];
}

const FIRST_SEQUENCE = 1_785_542_400;
const ALL = Infinity;

/** The scenarios of `npm run powercut -- update/fetch`. Makes a signing key of its own, which takes some seconds. */
export function fetchScenarios(): FetchScenarios {
  const random = new SeededRandom(11);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));
  const parameters = { ...UPDATE_PARAMETERS };
  const [identifier, seed] = [bytes(16), bytes(32)];
  const key = new LmsPrivateKey(parameters, identifier, seed, makeLeaves(parameters, identifier, seed));
  const publicKey = hssPublicKey(key.publicKey());
  const kinds = ["model", "application", "config", "key"] as const;
  let leaf = 0;
  const update = (kind: 0 | 1 | 3, number: number, length: number, companion = 0): FetchedUpdate => {
    const sequence = FIRST_SEQUENCE + number;
    // Every other 32 bytes repeat: pieces travel compressed.
    const image = bytes(length);
    for (let at = 64; at + 32 <= length; at += 64) image.copyWithin(at, at - 64, at - 32);
    const manifest: UpdateManifest =
      kind === 3
        ? { kind: "key", sequence, key: { slot: "spare" } }
        : {
            kind: kinds[kind],
            sequence,
            application: "orchard-frost",
            image: describeImage(image, "heatshrink"),
            model: {
              arenaBytes: kind ? 0 : 600,
              operators: [1, 4],
              inputBytes: 4,
              outputBytes: 1,
              goldens: kind ? 0 : 2,
            },
            ...(companion > 0 && { companion: FIRST_SEQUENCE + companion }),
          };
    const payload = encodeManifest(manifest);
    const message = toBeSigned(publicKey, payload);
    const randomizer = key.chooseRandomizer(leaf, message, bytes);
    const envelope = signedEnvelope(publicKey, payload, hssSignature(key.sign(leaf++, message, randomizer)));
    return { kind, sequence, image, envelope };
  };
  const model = update(0, 1, 3500);
  const scenarios: FetchScenario[] = [
    { name: "update/fetch", steps: [{ update: model, blocks: ALL }] },
    {
      name: "update/fetch-on",
      steps: [1, 1, 1, ALL].map((blocks) => ({ update: model, blocks })),
    },
    {
      name: "update/fetch-other",
      steps: [
        { update: model, blocks: 2 },
        { update: update(0, 2, 1500), blocks: ALL },
      ],
    },
    {
      name: "update/fetch-pair",
      steps: [
        { update: update(1, 3, 1500, 4), blocks: ALL },
        { update: update(0, 4, 1200, 3), blocks: ALL },
      ],
    },
    { name: "update/fetch-key", steps: [{ update: update(3, 5, 0), blocks: ALL }] },
  ];
  return { publicKey, scenarios };
}
