/** How long to wait between attempts to connect. */
export interface RetryPolicy {
  /** Least wait. */
  readonly minMs: number;
  /** No wait is longer: what a broker that stays down costs the battery. */
  readonly maxMs: number;
}

/** Waits that double up to a ceiling, each drawn at random from the upper half of its range. */
export interface Backoff {
  readonly _policy: RetryPolicy;
  /** Set to 0 once a connection has lasted: begin again. */
  _rangeMs: number;
  _random: number;
}

/** @param seed any 32-bit number; devices and boots must differ in it */
export function createBackoff(policy: RetryPolicy, seed: number): Backoff {
  // 0 is the one state that xorshift never leaves.
  const backoff = { _policy: policy, _rangeMs: 0, _random: seed | 0 || 1 };
  // Seeds that differ in few bits give first numbers that differ in few bits.
  for (let i = 0; i < 16; i++) nextWaitMs(backoff);
  backoff._rangeMs = 0;
  return backoff;
}

/**
 * The next wait. Its random numbers differ between devices and boots although the engine's own do not: xorshift32
 * (Marsaglia, "Xorshift RNGs", J. Stat. Soft. 8 (14), 2003) from a seed that is handed in. Not for keys.
 */
export function nextWaitMs(backoff: Backoff): number {
  let x = backoff._random;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  backoff._random = x;
  backoff._rangeMs = Math.min((backoff._rangeMs || backoff._policy.minMs) * 2, backoff._policy.maxMs);
  // x is from -2^31 to 2^31: the wait from a half of the range to the whole.
  return backoff._rangeMs * (0.75 + x / 8589934592);
}
