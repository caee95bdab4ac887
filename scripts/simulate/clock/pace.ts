import type { Scheduler } from "./scheduler.js";

/** Decides when the next event may happen. */
export interface Pace {
  /** Resolves when the event at `atMs` may happen, or earlier where a new event came in between. */
  wait(atMs: number, scheduler: Scheduler): Promise<void>;
}

const YIELD_MS = 25;

/** As fast as this machine can; gives way now and then, for what draws on the terminal. */
export class FastPace implements Pace {
  #lastMs = performance.now();

  async wait(): Promise<void> {
    const now = performance.now();
    if (now - this.#lastMs < YIELD_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#lastMs = performance.now();
  }
}

/** Virtual time at a fixed multiple of real time: for brokers that this process does not hold. */
export class SteadyPace implements Pace {
  readonly #startMs = performance.now();

  constructor(readonly speed: number) {}

  async wait(atMs: number, scheduler: Scheduler): Promise<void> {
    const restMs = Math.min(this.#startMs + atMs / this.speed - performance.now(), 1000);
    if (restMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restMs);
        scheduler.onAdded = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      scheduler.onAdded = undefined;
    } else await new Promise((resolve) => setImmediate(resolve));
    scheduler.advanceTo(this.nowMs());
  }

  /** Virtual time as real time has it. */
  nowMs(): number {
    return (performance.now() - this.#startMs) * this.speed;
  }
}
