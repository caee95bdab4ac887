import type { Clock, TimerId } from "../../lib/hal/clock.js";

/** A clock that moves only when told. Timers run in order of their time, then of their making. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #nextId = 1;
  readonly #timers = new Map<TimerId, { dueMs: number; run: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): TimerId {
    this.#timers.set(this.#nextId, { dueMs: this.#nowMs + Math.max(0, delayMs), run });
    return this.#nextId++;
  }

  cancel(timer: TimerId): void {
    this.#timers.delete(timer);
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass, running what falls due on the way. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      let next: [TimerId, { dueMs: number; run: () => void }] | undefined;
      for (const entry of this.#timers) {
        if (entry[1].dueMs <= end && (next === undefined || entry[1].dueMs < next[1].dueMs)) next = entry;
      }
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.#nowMs = Math.max(this.#nowMs, next[1].dueMs);
      next[1].run();
    }
    // A timer may itself let time pass.
    this.#nowMs = Math.max(this.#nowMs, end);
  }
}
