import type { NativePrimitives } from "../../hal/native-primitives.js";

/** Sums numbers that lie `step` apart in native loops: they are gathered, then multiplied with ones. */
export interface StridedSum {
  readonly positions: Uint16Array;
  readonly gathered: Int8Array;
  readonly ones: Int8Array;
}

/** Memory for sums of `count` numbers at given positions. */
export function createStridedSum(positions: Uint16Array): StridedSum {
  const count = positions.length;
  const ones = new Int8Array(count);
  ones.fill(1);
  return { positions, gathered: new Int8Array(count), ones };
}

/** The sum of image[at + position] over all positions. */
export function stridedSum(s: StridedSum, native: NativePrimitives, image: Int8Array, at: number): number {
  native.mapInPlace(s.positions, s.gathered, image.subarray(at));
  return native.convolve(s.ones, s.gathered, 0);
}
