import { Jitter } from "./jitter.js";

/** How long to wait between attempts to connect. */
export interface RetryPolicy {
  /** Least wait after a connection that lasted, and half of the first range. */
  readonly minMs: number;
  /** No wait is longer: what a broker that stays down costs the battery. */
  readonly maxMs: number;
}

/** Waits that double up to a ceiling, each drawn at random from the upper half of its range. */
export class Backoff {
  private readonly _jitter: Jitter;
  private _rangeMs: number;

  constructor(
    private readonly _policy: RetryPolicy,
    seed: number,
  ) {
    this._jitter = new Jitter(seed);
    this._rangeMs = _policy.minMs;
  }

  /** A connection has lasted: begin again. */
  reset(): void {
    this._rangeMs = this._policy.minMs;
  }

  /** The next wait. */
  nextMs(): number {
    this._rangeMs = Math.min(this._rangeMs * 2, this._policy.maxMs);
    return this._rangeMs * (0.5 + 0.5 * this._jitter.next());
  }
}
