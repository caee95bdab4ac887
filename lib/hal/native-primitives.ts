/**
 * Loops that an engine runs in C. A backend receives them from the platform and never names an engine's globals.
 * Figures and traps of Espruino's: docs/engines.md.
 */
export interface NativePrimitives {
  /** Sum over i of a[i] * b[(i + offset) % b.length], exact while it stays below 2^53. `b` must not be shorter. */
  convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number;
  /** to[i] = table[from[i]], or table(from[i]); `from` read as unsigned numbers. */
  mapInPlace(
    from: ArrayLike<number>,
    to: ArrayLike<number>,
    table: ArrayLike<number> | ((value: number) => number),
  ): void;
  /**
   * Affine map over pairs (x, y) by six numbers m: m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]; a new plain
   * array. An odd last element is dropped.
   */
  affine?(values: ArrayLike<number>, matrix: Float64Array): number[];
  /** The same bytes as an array that clamps what is stored, and cuts it toward zero. */
  clamped(bytes: Int8Array): Uint8ClampedArray;
  /** A zeroed buffer, in one contiguous block where that can be had: native loops over others are slow. */
  allocate(bytes: number): ArrayBuffer;
}
