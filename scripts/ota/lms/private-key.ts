import { OneTimeKey, verifySteps } from "./one-time.js";
import { HASH_BYTES, typeCodes, type LmsParameters } from "./parameters.js";
import { LmsTree } from "./tree.js";

/** Randomizers that are tried for a signature: each costs a hash of the message, some microseconds. */
const TRIES = 16384;

/** Makes `count` bytes that nobody can foretell. */
export type RandomBytes = (count: number) => Uint8Array;

/**
 * An LMS private key (RFC 8554, section 5). It does not know which leaves were used: whoever calls `sign` must never name
 * one twice (scripts/ota/signer.ts).
 */
export class LmsPrivateKey {
  readonly #tree: LmsTree;

  /** @param leaves of `makeLeaves` */
  constructor(
    readonly parameters: LmsParameters,
    readonly identifier: Uint8Array,
    readonly seed: Uint8Array,
    leaves: Uint8Array,
  ) {
    this.#tree = new LmsTree(identifier, leaves);
  }

  /** LMS public key, 56 bytes: the types, I, T[1]. */
  publicKey(): Buffer {
    const { lms, ots } = typeCodes(this.parameters);
    return Buffer.concat([u32(lms), u32(ots), this.identifier, this.#tree.root]);
  }

  /** An LMS signature with a given randomizer C. */
  sign(leaf: number, message: Uint8Array, randomizer: Uint8Array): Buffer {
    const { lms, ots } = typeCodes(this.parameters);
    const chains = this.#oneTimeKey(leaf).sign(message, randomizer);
    return Buffer.concat([u32(leaf), u32(ots), randomizer, chains, u32(lms), this.#tree.path(leaf)]);
  }

  /**
   * The randomizer among `tries` random ones with which the signature takes fewest hashes to verify: about 385 for W4
   * instead of 515. The choice gives nothing away: the candidates are secret until the message is fixed, and a forger still
   * needs another message with the very same hash.
   */
  chooseRandomizer(leaf: number, message: Uint8Array, random: RandomBytes, tries = TRIES): Uint8Array {
    const key = this.#oneTimeKey(leaf);
    let best: { randomizer: Uint8Array; steps: number } | undefined;
    for (let i = 0; i < tries; i++) {
      const randomizer = random(HASH_BYTES);
      const steps = verifySteps(this.parameters.window, key.messageHash(message, randomizer));
      if (best === undefined || steps < best.steps) best = { randomizer, steps };
    }
    return best!.randomizer;
  }

  #oneTimeKey(leaf: number): OneTimeKey {
    return new OneTimeKey(this.parameters.window, this.identifier, leaf, this.seed);
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
