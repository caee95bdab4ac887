/**
 * Decodes heatshrink (LZSS; https://github.com/atomicobject/heatshrink) with the window of 8 bits and lookahead of 6
 * that Espruino's `require("heatshrink")` has. What was decoded is the window: nothing else is allocated.
 * @param from may be hostile from `start` to `end`
 * @param to must come out exactly full
 * @returns false where the bytes are not what `to` was encoded to
 */
export function decodeHeatshrink(from: Uint8Array, start: number, end: number, to: Uint8Array): boolean {
  let bits = 0;
  let count = 0;
  let at = 0;
  while (at < to.length) {
    while (count < 15 && start < end) {
      bits = (bits << 8) | from[start++]!;
      count += 8;
    }
    const literal = (bits >> (count - 1)) & 1;
    count -= literal ? 9 : 15;
    if (count < 0) return false;
    if (literal) to[at++] = bits >> count;
    else {
      const back = ((bits >> (count + 6)) & 255) + 1;
      let length = ((bits >> count) & 63) + 1;
      if (back > at || at + length > to.length) return false;
      for (; length > 0; length--, at++) to[at] = to[at - back]!;
    }
    bits &= 32767;
  }
  return start === end && count < 8;
}
