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
  /** Affine map over pairs: out[2k] = v[2k] * m0 + b0, out[2k+1] = v[2k+1] * m1 + b1; a new plain array. */
  affinePairs?(values: ArrayLike<number>, m0: number, m1: number, b0: number, b1: number): number[];
  /** A zeroed buffer, in one contiguous block where that can be had: native loops over others are slow. */
  allocate(bytes: number): ArrayBuffer;
}
