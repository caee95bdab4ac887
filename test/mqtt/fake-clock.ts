import type { Clock, TimerId } from "../../lib/hal/clock.js";

interface Timer {
  id: TimerId;
  at: number;
  run: () => void;
}

/** A clock that moves only when a test moves it. */
export class FakeClock implements Clock {
  now = 0;
  #started = 0;
  #timers: Timer[] = [];

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, run: () => void): TimerId {
    const id = ++this.#started;
    this.#timers.push({ id, at: this.now + delayMs, run });
    return id;
  }

  cancel(id: TimerId): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  }

  /** Timers that run now. */
  get pending(): number {
    return this.#timers.length;
  }

  /** When the next timer runs, or Infinity. */
  get nextAt(): number {
    return Math.min(...this.#timers.map((timer) => timer.at));
  }

  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void {
    const until = this.now + ms;
    while (this.nextAt <= until) {
      const next = this.#timers.reduce((a, b) => (b.at < a.at ? b : a));
      this.cancel(next.id);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = until;
  }
}
