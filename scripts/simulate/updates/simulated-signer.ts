import { signedEnvelope, toBeSigned } from "../../ota/envelope.js";
import { hssPublicKey, hssSignature } from "../../ota/lms/hss.js";
import { IDENTIFIER_BYTES, SEED_BYTES, UPDATE_PARAMETERS } from "../../ota/lms/parameters.js";
import { LmsPrivateKey, type RandomBytes } from "../../ota/lms/private-key.js";
import { makeLeaves } from "../../ota/lms/tree.js";
import { encodeManifest } from "../../ota/manifest.js";
import type { UpdateManifest } from "../../ota/update-manifest.js";
import type { SeededRandom } from "../../readings/seeded-random.js";

/** Signs updates of a simulation with a key that its seed makes: good for nothing else. */
export class SimulatedSigner {
  /** What simulated devices are provisioned with. */
  readonly publicKey: Uint8Array;
  readonly #key: LmsPrivateKey;
  readonly #random: RandomBytes;
  #leaf = 0;

  constructor(random: SeededRandom) {
    this.#random = (count) => Uint8Array.from({ length: count }, () => random.below(256));
    const [identifier, seed] = [this.#random(IDENTIFIER_BYTES), this.#random(SEED_BYTES)];
    this.#key = new LmsPrivateKey(UPDATE_PARAMETERS, identifier, seed, makeLeaves(UPDATE_PARAMETERS, identifier, seed));
    this.publicKey = hssPublicKey(this.#key.publicKey());
  }

  /** The envelope of a manifest; each call uses the next leaf. */
  sign(manifest: UpdateManifest): Uint8Array {
    const payload = encodeManifest(manifest);
    const message = toBeSigned(this.publicKey, payload);
    const leaf = this.#leaf++;
    const randomizer = this.#key.chooseRandomizer(leaf, message, this.#random);
    return signedEnvelope(this.publicKey, payload, hssSignature(this.#key.sign(leaf, message, randomizer)));
  }
}
