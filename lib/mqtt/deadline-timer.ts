import type { Clock, TimerId } from "../hal/clock.js";

/** Later than any deadline. */
export const NEVER = 9e15;

/** One timer for a deadline that moves. It runs no later than the deadline; where it runs early, its owner looks again. */
export class DeadlineTimer {
  private _timer: TimerId = 0;
  private _at = NEVER;
  private readonly _run: () => void;

  constructor(
    private readonly _clock: Clock,
    run: () => void,
  ) {
    this._run = () => {
      this._timer = 0;
      run();
    };
  }

  /** Moves the deadline. A later one leaves the timer alone: timers are dear, and most deadlines are put off. */
  set(at: number): void {
    if (this._timer && (this._at > at || at >= NEVER)) {
      this._clock.cancel(this._timer);
      this._timer = 0;
    }
    if (this._timer || at >= NEVER) return;
    this._at = at;
    this._timer = this._clock.after(Math.max(0, at - this._clock.nowMs()), this._run);
  }
}
