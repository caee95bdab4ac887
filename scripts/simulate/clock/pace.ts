import type { Scheduler } from "./scheduler.js";

/** Decides when the next event may happen. */
export interface Pace {
  /** Resolves with true when it is `atMs`, or earlier with false: then whoever waits must look again. */
  wait(atMs: number, scheduler: Scheduler): Promise<boolean>;
}

const YIELD_MS = 25;

/** As fast as this machine can; gives way now and then, for what draws on the terminal. */
export class FastPace implements Pace {
  #lastMs = performance.now();

  async wait(): Promise<boolean> {
    const now = performance.now();
    if (now - this.#lastMs >= YIELD_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#lastMs = performance.now();
    }
    return true;
  }
}

const LOOK_AGAIN_MS = 50;

/** Virtual time at a fixed multiple of real time: for brokers that this process does not hold. */
export class SteadyPace implements Pace {
  readonly #startMs = performance.now();

  constructor(readonly speed: number) {}

  async wait(atMs: number, scheduler: Scheduler): Promise<boolean> {
    // In short steps: what arrives meanwhile happens at the time that the clock showed last.
    const restMs = Math.min(this.#startMs + atMs / this.speed - performance.now(), LOOK_AGAIN_MS);
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
    scheduler.advanceTo(Math.min(atMs, this.nowMs()));
    return this.nowMs() >= atMs;
  }

  /** Virtual time as real time has it. */
  nowMs(): number {
    return (performance.now() - this.#startMs) * this.speed;
  }
}
