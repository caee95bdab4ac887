import { copyBytes, equalBytes, readU32be, writeU32be } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import type { Digest } from "../hal/digest.js";

/** What `step` returns while there is more to do; anything else is an ErrorCode, and final. */
export const MORE = -1;

/** Bytes to leave free before a message: the verifier writes what RFC 8554 hashes with it. */
export const MESSAGE_AT = 54;

/** Bytes of an LMS public key: type, LM-OTS type, identifier I, root T[1]. */
export const LMS_KEY_BYTES = 56;

/** Digits of the checksum by LM-OTS type 1 to 4 (w = 1, 2, 4, 8). */
const CHECKSUM_DIGITS = [0, 9, 5, 3, 2];

/** Where things are in a signature: q, LM-OTS type, C, the chains y, LMS type, the path. */
const enum At {
  OTS_TYPE = 4,
  RANDOMIZER = 8,
  CHAINS = 40,
}

/** Where things are in what is hashed: I, q or r, then i, j, tmp or a domain, then data. */
const enum Block {
  I = 0,
  Q = 16,
  CHAIN = 20,
  STEP = 22,
  VALUE = 23,
  BYTES = 55,
}

/** What tells apart the hashes of RFC 8554, section 3.1: each is a byte, twice. */
const enum Domain {
  PUBLIC_KEY = 0x80,
  MESSAGE = 0x81,
  LEAF = 0x82,
  NODE = 0x83,
}

/**
 * Verifies one LMS signature (RFC 8554, algorithms 4b and 6a) with SHA-256, n = m = 32: every w, every height.
 * W4 and H10 take 68 steps of at most 15 hashes each. Allocates two small buffers, and what the digest returns.
 */
export class LmsVerifier {
  private readonly _block = new Uint8Array(Block.BYTES);
  /** Digits of the message's hash, then its checksum. */
  private readonly _digits = new Uint8Array(34);
  private readonly _window: number;
  private readonly _chains: number;
  private readonly _height: number;
  /** The chain that the next step walks; below zero for what cannot be a signature of this key. */
  private _chain: number;

  /**
   * @param _key the public key, LMS_KEY_BYTES from `_keyAt` on. Its types are trusted, those of the signature compared.
   * @param _bytes holds the signature from `_at` to `end`. In RAM: the chains are walked in place.
   * @param message from MESSAGE_AT on
   */
  constructor(
    private readonly _digest: Digest,
    private readonly _key: Uint8Array,
    private readonly _keyAt: number,
    private readonly _bytes: Uint8Array,
    private readonly _at: number,
    end: number,
    message: Uint8Array,
  ) {
    const block = this._block;
    const type = _key[_keyAt + 7]!;
    const window = (this._window = (1 << type) >> 1);
    const hashDigits = 256 / window;
    const chains = (this._chains = hashDigits + CHECKSUM_DIGITS[type]!);
    const height = (this._height = _key[_keyAt + 3]! * 5 - 20);
    const typeAt = _at + At.CHAINS + 32 * chains;
    const fits =
      end === typeAt + 4 + 32 * height &&
      equalBytes(_bytes, _at + At.OTS_TYPE, _key, _keyAt + 4, 4) &&
      equalBytes(_bytes, typeAt, _key, _keyAt, 4) &&
      !(readU32be(_bytes, _at) >>> height);
    this._chain = fits ? 0 : -1;
    if (!fits) return;
    copyBytes(_key, _keyAt + 8, block, Block.I, 16);
    copyBytes(_bytes, _at, block, Block.Q, 4);
    copyBytes(block, 0, message, 0, Block.CHAIN);
    message[20] = message[21] = Domain.MESSAGE;
    copyBytes(_bytes, _at + At.RANDOMIZER, message, 22, 32);
    const digits = this._digits;
    digits.set(_digest.sha256(message));
    let sum = 0;
    for (let i = 0; i < hashDigits; i++) sum += (1 << window) - 1 - this._digit(i);
    sum <<= 16 - (chains - hashDigits) * window;
    digits[32] = sum >> 8;
    digits[33] = sum;
  }

  /**
   * Walks one chain, and at the end the tree: 2 + height hashes.
   * @returns MORE, OK, or UPDATE_SIGNATURE where the key did not sign this message
   */
  step(): number {
    const block = this._block;
    const bytes = this._bytes;
    const digest = this._digest;
    const chain = this._chain++;
    if (chain < 0) return ErrorCode.UPDATE_SIGNATURE;
    if (chain === this._chains) return this._climb();
    const at = this._at + At.CHAINS + 32 * chain;
    const end = (1 << this._window) - 1;
    block[Block.CHAIN] = chain >> 8;
    block[Block.CHAIN + 1] = chain;
    copyBytes(bytes, at, block, Block.VALUE, 32);
    for (let i = this._digit(chain); i < end; i++) {
      block[Block.STEP] = i;
      block.set(digest.sha256(block), Block.VALUE);
    }
    copyBytes(block, Block.VALUE, bytes, at, 32);
    return MORE;
  }

  private _climb(): number {
    const bytes = this._bytes;
    const digest = this._digest;
    const node = new Uint8Array(86);
    // The candidate for the one-time key: the chains' ends, and before them, where C was, what RFC 8554 hashes with them.
    const start = this._at + At.CHAINS - 22;
    copyBytes(this._block, 0, bytes, start, Block.CHAIN);
    bytes[start + 20] = bytes[start + 21] = Domain.PUBLIC_KEY;
    let hash = digest.sha256(new Uint8Array(bytes.buffer, bytes.byteOffset + start, 22 + 32 * this._chains));
    let path = this._at + At.CHAINS + 32 * this._chains + 4;
    let r = readU32be(this._block, Block.Q) + (1 << this._height);
    copyBytes(this._block, 0, node, 0, Block.Q);
    writeU32be(node, Block.Q, r);
    node[20] = node[21] = Domain.LEAF;
    node.set(hash, 22);
    hash = digest.sha256(new Uint8Array(node.buffer, 0, 54));
    node[20] = node[21] = Domain.NODE;
    for (; r > 1; path += 32) {
      const right = r & 1 ? 32 : 0;
      node.set(hash, 22 + right);
      copyBytes(bytes, path, node, 54 - right, 32);
      r >>= 1;
      writeU32be(node, Block.Q, r);
      hash = digest.sha256(node);
    }
    return equalBytes(hash, 0, this._key, this._keyAt + 24, 32) ? ErrorCode.OK : ErrorCode.UPDATE_SIGNATURE;
  }

  /** Digit `i` of the hash and its checksum (RFC 8554, section 3.1.3, coef). */
  private _digit(i: number): number {
    const window = this._window;
    const bit = i * window;
    return (this._digits[bit >> 3]! >> (8 - window - (bit & 7))) & ((1 << window) - 1);
  }
}
