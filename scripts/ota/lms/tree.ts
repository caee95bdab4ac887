import { sha256 } from "../node-digest.js";
import { DOMAIN, OneTimeKey } from "./one-time.js";
import { HASH_BYTES, IDENTIFIER_BYTES, type LmsParameters } from "./parameters.js";

const DATA_AT = IDENTIFIER_BYTES + 6;

/**
 * The leaves of an LMS tree, one after another: W4 and H10 take a million hashes. They are no secret.
 * @param onLeaf told how many are made
 */
export function makeLeaves(
  { height, window }: LmsParameters,
  identifier: Uint8Array,
  seed: Uint8Array,
  onLeaf: (done: number) => void = () => undefined,
): Buffer {
  const count = 2 ** height;
  const leaves = Buffer.alloc(count * HASH_BYTES);
  for (let leaf = 0; leaf < count; leaf++) {
    const key = new OneTimeKey(window, identifier, leaf, seed).publicKey();
    leaves.set(nodeHash(identifier, count + leaf, DOMAIN.leaf, key), leaf * HASH_BYTES);
    onLeaf(leaf + 1);
  }
  return leaves;
}

/** A Merkle tree over leaves (RFC 8554, section 5.3). Node 1 is the root; leaf q is node 2^height + q. */
export class LmsTree {
  readonly #nodes: Buffer;
  readonly #leaves: number;

  constructor(identifier: Uint8Array, leaves: Uint8Array) {
    const count = leaves.length / HASH_BYTES;
    this.#leaves = count;
    this.#nodes = Buffer.alloc(2 * count * HASH_BYTES);
    this.#nodes.set(leaves, count * HASH_BYTES);
    for (let r = count - 1; r > 0; r--) {
      const children = this.#nodes.subarray(2 * r * HASH_BYTES, 2 * (r + 1) * HASH_BYTES);
      this.#nodes.set(nodeHash(identifier, r, DOMAIN.node, children), r * HASH_BYTES);
    }
  }

  /** T[1]. */
  get root(): Buffer {
    return this.#node(1);
  }

  /** The siblings on the way from a leaf to the root. */
  path(leaf: number): Buffer {
    const siblings: Buffer[] = [];
    for (let r = this.#leaves + leaf; r > 1; r >>= 1) siblings.push(this.#node(r ^ 1));
    return Buffer.concat(siblings);
  }

  #node(r: number): Buffer {
    return this.#nodes.subarray(r * HASH_BYTES, (r + 1) * HASH_BYTES);
  }
}

function nodeHash(identifier: Uint8Array, r: number, domain: number, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(DATA_AT + data.length);
  bytes.set(identifier);
  bytes.writeUInt32BE(r, IDENTIFIER_BYTES);
  bytes.writeUInt16BE(domain, IDENTIFIER_BYTES + 4);
  bytes.set(data, DATA_AT);
  return sha256(bytes);
}
