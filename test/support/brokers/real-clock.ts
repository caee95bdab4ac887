import type { Clock, TimerId } from "../../../lib/hal/clock.js";

/** The host's own time, for tests against real brokers. `stop` cancels what still runs. */
export class RealClock implements Clock {
  readonly #start = performance.now();
  readonly #timers = new Map<TimerId, NodeJS.Timeout>();
  #next = 1;

  nowMs(): number {
    return performance.now() - this.#start;
  }

  after(delayMs: number, run: () => void): TimerId {
    const id = this.#next++;
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      run();
    }, delayMs);
    this.#timers.set(id, timer);
    return id;
  }

  cancel(timer: TimerId): void {
    clearTimeout(this.#timers.get(timer));
    this.#timers.delete(timer);
  }

  stop(): void {
    for (const timer of this.#timers.keys()) this.cancel(timer);
  }
}
