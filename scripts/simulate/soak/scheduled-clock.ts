import type { EpochClock, TimerId } from "../../../lib/hal/clock.js";
import type { Cancel, Scheduler } from "../clock/scheduler.js";

/** Engines' timers are no finer. Without it a rest too small for the sum of times would fall due for ever. */
const LEAST_DELAY_MS = 1;

/** The clock of one boot in virtual time. */
export class ScheduledClock implements EpochClock {
  readonly #scheduler: Scheduler;
  readonly #enter: (run: () => void) => void;
  readonly #startMs: number;
  readonly #timers = new Map<TimerId, Cancel>();
  #lastId = 0;

  /** @param enter runs what falls due as the device's own code */
  constructor(scheduler: Scheduler, enter: (run: () => void) => void) {
    this.#scheduler = scheduler;
    this.#enter = enter;
    this.#startMs = scheduler.nowMs;
  }

  nowMs(): number {
    return this.#scheduler.nowMs - this.#startMs;
  }

  continueAt(): void {
    throw new Error("a device of the soak does not sleep");
  }

  after(delayMs: number, run: () => void): TimerId {
    const id = ++this.#lastId;
    const cancel = this.#scheduler.after(Math.max(LEAST_DELAY_MS, delayMs), () => {
      this.#timers.delete(id);
      this.#enter(run);
    });
    this.#timers.set(id, cancel);
    return id;
  }

  cancel(timer: TimerId): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }

  /** The boot is over: nothing falls due any more. */
  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
