/** How long to wait between attempts to connect. */
export interface RetryPolicy {
  /** Least wait. */
  readonly minMs: number;
  /** No wait is longer: what a broker that stays down costs the battery. */
  readonly maxMs: number;
}

/** Waits that double up to a ceiling, each drawn at random from the upper half of its range. */
export interface Backoff {
  /** 0 begins again: a connection has lasted. */
  _rangeMs: number;
  /** Never 0, the one state that xorshift does not leave. */
  _random: number;
}

/**
 * The next wait. Its random numbers differ between devices and boots although the engine's own do not: xorshift32
 * (Marsaglia, "Xorshift RNGs", J. Stat. Soft. 8 (14), 2003) from a seed that is handed in. Not for keys.
 */
export function nextWaitMs(backoff: Backoff, policy: RetryPolicy): number {
  let x = backoff._random;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  backoff._random = x;
  backoff._rangeMs = Math.min((backoff._rangeMs || policy.minMs) * 2, policy.maxMs);
  // x is from -2^31 to 2^31: the wait from a half of the range to the whole.
  return backoff._rangeMs * (0.75 + x / 8589934592);
}
