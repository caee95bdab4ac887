import type { EpochClock, TimerId } from "../../../lib/hal/clock.js";

/** A step of the engine's clock that is longer than any sleep: somebody has set it. */
const SET_SEC = 86400;

/** Time since boot from `getTime()`, whatever SNTP makes of that clock. Nothing here calls `setTime`. */
export class EspruinoClock implements EpochClock {
  private _lastSec = getTime();
  private _startSec = this._lastSec;

  nowMs(): number {
    const nowSec = getTime();
    const stepSec = nowSec - this._lastSec;
    if (stepSec < 0 || stepSec > SET_SEC) this._startSec += stepSec;
    this._lastSec = nowSec;
    return (nowSec - this._startSec) * 1000;
  }

  continueAt(epochMs: number): void {
    this._startSec += (this.nowMs() - epochMs) / 1000;
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
