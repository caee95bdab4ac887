import { FastPace, type Pace } from "./pace.js";
import { Scheduler } from "./scheduler.js";

/** Lets virtual time pass. It stands still while broker and collector are busy with what an event gave them. */
export class EventLoop {
  readonly scheduler = new Scheduler();
  readonly pace: Pace;
  readonly #settled: () => Promise<void>;
  #disturbed = true;
  #stopped = false;

  /** @param settled resolves when nothing is under way at the broker's side */
  constructor(settled: () => Promise<void>, pace: Pace = new FastPace()) {
    this.#settled = settled;
    this.pace = pace;
  }

  get nowMs(): number {
    return this.scheduler.nowMs;
  }

  /** The broker's side will have work. */
  disturb(): void {
    this.#disturbed = true;
  }

  /** Ends `runUntil` before its time. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Lets events happen up to a time, or until a condition holds.
   * @param happened called after each event
   */
  async runUntil(limitMs: number, isDone: () => boolean = () => false, happened?: () => void): Promise<void> {
    for (;;) {
      if (this.#disturbed) {
        this.#disturbed = false;
        await this.#settled();
      }
      if (this.#stopped || isDone()) return;
      const isTime = await this.pace.wait(Math.min(this.scheduler.nextMs, limitMs), this.scheduler);
      if (isTime && !this.scheduler.step(limitMs)) {
        this.scheduler.advanceTo(limitMs);
        return;
      }
      happened?.();
    }
  }
}
