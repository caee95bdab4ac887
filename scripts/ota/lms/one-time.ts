import { sha256 } from "../node-digest.js";
import { HASH_BYTES, otsShape, type LmsWindow, type OtsShape } from "./parameters.js";

/** Domains of RFC 8554, section 3.1. */
export const DOMAIN = { publicKey: 0x8080, message: 0x8181, leaf: 0x8282, node: 0x8383 } as const;

const CHAIN_AT = 20;
const STEP_AT = 22;
const VALUE_AT = 23;
const BLOCK_BYTES = VALUE_AT + HASH_BYTES;
/** In place of a step: makes the beginning of a chain from the seed (RFC 8554, appendix A). */
const FROM_SEED = 0xff;

/** One leaf's one-time key (LM-OTS, RFC 8554, section 4): its secrets are made from the seed when they are needed. */
export class OneTimeKey {
  readonly #shape: OtsShape;
  readonly #block = Buffer.alloc(BLOCK_BYTES);
  readonly #seed: Uint8Array;
  readonly #window: LmsWindow;

  /** @param identifier I, 16 bytes */
  constructor(window: LmsWindow, identifier: Uint8Array, leaf: number, seed: Uint8Array) {
    this.#window = window;
    this.#shape = otsShape(window);
    this.#seed = seed;
    this.#block.set(identifier);
    this.#block.writeUInt32BE(leaf, identifier.length);
  }

  /** K: the hash of the ends of all chains. */
  publicKey(): Buffer {
    const { chains, steps } = this.#shape;
    const ends = Buffer.alloc(STEP_AT + chains * HASH_BYTES);
    ends.set(this.#block.subarray(0, CHAIN_AT));
    ends.writeUInt16BE(DOMAIN.publicKey, CHAIN_AT);
    for (let chain = 0; chain < chains; chain++) ends.set(this.#walk(chain, steps), STEP_AT + chain * HASH_BYTES);
    return sha256(ends);
  }

  /** What a message is hashed with: I, q, the domain and C, then the message itself. */
  messageHash(message: Uint8Array, randomizer: Uint8Array): Buffer {
    const prefix = Buffer.alloc(STEP_AT);
    prefix.set(this.#block.subarray(0, CHAIN_AT));
    prefix.writeUInt16BE(DOMAIN.message, CHAIN_AT);
    return sha256(Buffer.concat([prefix, randomizer, message]));
  }

  /** The chains of a signature: each as far along as its digit says. Good for one message only. */
  sign(message: Uint8Array, randomizer: Uint8Array): Buffer {
    const digits = digitsOf(this.#window, this.messageHash(message, randomizer));
    return Buffer.concat(digits.map((digit, chain) => Buffer.from(this.#walk(chain, digit))));
  }

  /** Value of a chain after `steps` steps; valid until the next call. */
  #walk(chain: number, steps: number): Uint8Array {
    const block = this.#block;
    block.writeUInt16BE(chain, CHAIN_AT);
    block[STEP_AT] = FROM_SEED;
    block.set(this.#seed, VALUE_AT);
    block.set(sha256(block), VALUE_AT);
    for (let step = 0; step < steps; step++) {
      block[STEP_AT] = step;
      block.set(sha256(block), VALUE_AT);
    }
    return block.subarray(VALUE_AT);
  }
}

/** Digits of a hash and of its checksum (RFC 8554, sections 3.1.3 and 4.4). */
export function digitsOf(window: LmsWindow, hash: Uint8Array): number[] {
  const { chains, hashChains, checksumShift } = otsShape(window);
  const bytes = Buffer.concat([hash, Buffer.alloc(2)]);
  bytes.writeUInt16BE(stepsLeft(window, hash, hashChains) << checksumShift, HASH_BYTES);
  return Array.from({ length: chains }, (_, i) => digit(window, bytes, i));
}

/** Hashes that walking the chains of a signature to their ends takes. */
export function verifySteps(window: LmsWindow, hash: Uint8Array): number {
  const { hashChains, checksumShift, chains } = otsShape(window);
  const sum = stepsLeft(window, hash, hashChains);
  const checksum = [(sum << checksumShift) >> 8, (sum << checksumShift) & 255];
  return sum + stepsLeft(window, checksum, chains - hashChains);
}

/** Steps from the first `count` digits to the ends of their chains. */
function stepsLeft(window: LmsWindow, bytes: ArrayLike<number>, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += 2 ** window - 1 - digit(window, bytes, i);
  return sum;
}

/** coef(S, i, w) of RFC 8554. */
function digit(window: LmsWindow, bytes: ArrayLike<number>, i: number): number {
  const bit = i * window;
  return (bytes[bit >> 3]! >> (8 - window - (bit & 7))) & ((1 << window) - 1);
}
