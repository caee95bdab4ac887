import type { Clock, TimerId } from "../../../lib/hal/clock.js";

/** Time since boot from `getTime()`. Nothing here calls `setTime`: it would shift running timers. */
export class EspruinoClock implements Clock {
  private readonly _startSec = getTime();

  nowMs(): number {
    return (getTime() - this._startSec) * 1000;
  }

  after(delayMs: number, run: () => void): TimerId {
    return setTimeout(run, delayMs);
  }

  cancel(timer: TimerId): void {
    // clearTimeout(0) and clearTimeout of a timer that ran would throw.
    if (timer) {
      try {
        clearTimeout(timer);
      } catch (_) {
        // It has run: nothing to stop.
      }
    }
  }
}
