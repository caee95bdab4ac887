/** As in Espruino's heatshrink_config.h: window of 8 bits, lookahead of 6. */
const WINDOW = 256;
const LOOKAHEAD = 64;
const LITERAL_BITS = 9;
const MATCH_BITS = 15;
const MIN_MATCH = 2;

interface Match {
  readonly back: number;
  readonly length: number;
}

/**
 * Encodes with heatshrink (LZSS): a bit 1 and a byte, or a bit 0, 8 bits of distance less one and 6 of length less one;
 * zeros fill the last byte. Finds the shortest encoding there is.
 */
export function encodeHeatshrink(bytes: Uint8Array): Uint8Array {
  const matches = Array.from(bytes.keys(), (at) => longestMatch(bytes, at));
  const bits = new Float64Array(bytes.length + 1);
  const taken = new Uint8Array(bytes.length);
  for (let at = bytes.length - 1; at >= 0; at--) {
    bits[at] = LITERAL_BITS + bits[at + 1]!;
    for (let length = MIN_MATCH; length <= matches[at]!.length; length++) {
      const cost = MATCH_BITS + bits[at + length]!;
      if (cost < bits[at]!) {
        bits[at] = cost;
        taken[at] = length;
      }
    }
  }
  const out = new BitWriter(Math.ceil(bits[0]! / 8));
  for (let at = 0; at < bytes.length; at += taken[at] || 1) {
    if (taken[at]) out.put(((matches[at]!.back - 1) << 6) | (taken[at]! - 1), MATCH_BITS);
    else out.put(256 | bytes[at]!, LITERAL_BITS);
  }
  return out.bytes;
}

/** The longest run before `at`, within the window, that goes on as at `at`. It may overlap itself. */
function longestMatch(bytes: Uint8Array, at: number): Match {
  const most = Math.min(LOOKAHEAD, bytes.length - at);
  let best: Match = { back: 0, length: 0 };
  for (let back = 1; back <= Math.min(WINDOW, at) && best.length < most; back++) {
    let length = 0;
    while (length < most && bytes[at + length] === bytes[at + length - back]) length++;
    if (length > best.length) best = { back, length };
  }
  return best;
}

class BitWriter {
  readonly bytes: Uint8Array;
  #bit = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  put(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--, this.#bit++)
      this.bytes[this.#bit >> 3]! |= ((value >> i) & 1) << (7 - (this.#bit & 7));
  }
}
