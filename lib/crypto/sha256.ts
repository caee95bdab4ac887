import { writeU32be } from "../core/bytes.js";
import type { Digest } from "../hal/digest.js";

const BLOCK_BYTES = 64;

/** The first 64 primes. */
function primes(): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < 64; n++) {
    let i = 0;
    while (i < found.length && n % found[i]!) i++;
    if (i === found.length) found.push(n);
  }
  return found;
}

/**
 * The first 32 bits of the fraction of a number's `degree`th root, by Newton's method: exact to the last bits of a
 * double, of which 18 are to spare. Engines' own powers are not.
 */
function rootFraction(n: number, degree: number): number {
  let root = 8;
  for (let i = 0; i < 20; i++) {
    const quotient = degree < 3 ? n / root : n / root / root;
    root += (quotient - root) / degree;
  }
  return ((root - Math.floor(root)) * 4294967296) | 0;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/**
 * SHA-256 (FIPS 180-4) where the engine has none. Slow: a block of 64 bytes takes milliseconds on an interpreter, so it
 * is for HMAC, and for images in steps. Its constants are computed, because their text is longer than their definition.
 */
export class Sha256 {
  private readonly _constants = new Int32Array(64);
  private readonly _initial = new Int32Array(8);
  private readonly _state = new Int32Array(8);
  private readonly _words = new Int32Array(64);
  private readonly _block = new Uint8Array(BLOCK_BYTES);
  private _bytes = 0;

  constructor() {
    const first = primes();
    for (let i = 0; i < 64; i++) this._constants[i] = rootFraction(first[i]!, 3);
    for (let i = 0; i < 8; i++) this._initial[i] = rootFraction(first[i]!, 2);
    this._state.set(this._initial);
  }

  /** Takes the next bytes of the message. */
  update(bytes: Uint8Array, start: number, end: number): void {
    for (; start < end; start++) {
      this._block[this._bytes % BLOCK_BYTES] = bytes[start]!;
      if (!(++this._bytes % BLOCK_BYTES)) this._compress();
    }
  }

  /** Ends the message, and begins another one. @returns 32 bytes */
  finish(): Uint8Array {
    const block = this._block;
    const bytes = this._bytes;
    let at = bytes % BLOCK_BYTES;
    block[at++] = 128;
    if (at > BLOCK_BYTES - 8) {
      while (at < BLOCK_BYTES) block[at++] = 0;
      this._compress();
      at = 0;
    }
    while (at < BLOCK_BYTES - 8) block[at++] = 0;
    writeU32be(block, at, bytes / 536870912);
    writeU32be(block, at + 4, bytes * 8);
    this._compress();
    const hash = new Uint8Array(32);
    for (let i = 0; i < 8; i++) writeU32be(hash, 4 * i, this._state[i]!);
    this._state.set(this._initial);
    this._bytes = 0;
    return hash;
  }

  private _compress(): void {
    const words = this._words;
    const state = this._state;
    const block = this._block;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let i = 0; i < 64; i++) {
      let word: number;
      if (i < 16) {
        const at = 4 * i;
        word = (block[at]! << 24) | (block[at + 1]! << 16) | (block[at + 2]! << 8) | block[at + 3]!;
      } else {
        const near = words[i - 2]!;
        const far = words[i - 15]!;
        word =
          (words[i - 16]! +
            words[i - 7]! +
            (rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)) +
            (rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3))) |
          0;
      }
      words[i] = word;
      const first =
        (h + word + this._constants[i]! + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g))) | 0;
      const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  }
}

/** `Sha256` as an engine's digest, for `hmac`. */
export function portableDigest(): Digest {
  const hash = new Sha256();
  return {
    sha256: (bytes) => {
      hash.update(bytes, 0, bytes.length);
      return hash.finish();
    },
  };
}
