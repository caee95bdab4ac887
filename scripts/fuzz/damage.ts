import type { SeededRandom } from "../readings/seeded-random.js";

/** Numbers that break things: where counts, signs and word sizes end. */
export const EXTREMES = [
  0, 1, -1, 2, 3, 7, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 65537, 0x7fffff, 0x800000, 0x1000000, 0x3fffffff,
  0x40000000, 0x7fffffff, -0x80000000, -128, -129, -32768, -65536, 0x10000,
];

/** One of a list. */
export function oneOf<Item>(random: SeededRandom, items: readonly Item[]): Item {
  return items[random.below(items.length)]!;
}

/** A file that ends early. */
export function cutShort(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, random.below(bytes.length));
}

/** A file in which a few bits are others, within a range of it. */
export function flipped(random: SeededRandom, bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array {
  const copy = bytes.slice();
  for (let k = 1 + random.below(4); k > 0; k--) {
    const at = from + random.below(to - from);
    copy[at] = copy[at]! ^ (1 << random.below(8));
  }
  return copy;
}

/** A file in which some 32-bit words are extremes, places in the file, or near what they were. */
export function rewritten(random: SeededRandom, bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let k = 1 + random.below(3); k > 0; k--) {
    const at = from + 4 * random.below((to - from) >> 2);
    if (at + 4 > copy.length) continue;
    const old = view.getInt32(at, true);
    const value = oneOf(random, [
      oneOf(random, EXTREMES),
      random.below(bytes.length),
      old + random.below(9) - 4,
      -old,
      old * 2,
      random.below(0x100000000),
    ]);
    view.setInt32(at, value | 0, true);
  }
  return copy;
}
