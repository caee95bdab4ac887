import { crc32 } from "../../lib/core/crc32.js";
import { SeededRandom } from "../readings/seeded-random.js";

/** Seed of one part of a run: parts draw independently, so that one more draw here changes nothing there. */
export function partSeed(seed: number, part: string): number {
  const name = new TextEncoder().encode(`${seed}/${part}`);
  return crc32(name);
}

/** Random numbers of one part of a run. */
export function seedStream(seed: number, part: string): SeededRandom {
  return new SeededRandom(partSeed(seed, part));
}
