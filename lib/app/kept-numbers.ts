import type { ErrorCode } from "../core/error-code.js";
import type { Settings } from "../settings/settings.js";

/** Writes numbers under a key, at most 25: all of them, or none after a power cut. */
export function keepNumbers(settings: Settings, key: number, numbers: ArrayLike<number>): ErrorCode {
  return settings.set(key, new Uint8Array(new Float64Array(numbers).buffer));
}

/** A copy of the numbers under a key; none where there are not `count` of them. */
export function keptNumbers(settings: Settings, key: number, count: number): Float64Array {
  const kept = settings.get(key);
  const numbers = new Float64Array(kept.length === count * 8 ? count : 0);
  if (numbers.length) new Uint8Array(numbers.buffer).set(kept);
  return numbers;
}
