/**
 * Turns of the event loop without activity after which nothing can be under way. Between two things that one can
 * see, aedes takes at most three (setImmediate after a write, around a subscription, before a delivery).
 */
const QUIET_TURNS = 6;

/** Knows when work in this process has come to rest: nothing counted is open and nothing has moved for some turns. */
export class Idleness {
  readonly #openJobs: () => number;
  #quietTurns = 0;
  #watching = false;
  #waiting: (() => void)[] = [];

  /** @param openJobs number of jobs begun and not ended */
  constructor(openJobs: () => number) {
    this.#openJobs = openJobs;
  }

  /** Something moved. */
  touch(): void {
    this.#quietTurns = 0;
    if (this.#watching) return;
    this.#watching = true;
    this.#watch();
  }

  /** Open jobs, and one more while it is too early to say that there are none. */
  pending(): number {
    return this.#openJobs() + (this.#watching ? 1 : 0);
  }

  /** Resolves when all has come to rest, a write just made to an attached stream included. */
  settled(): Promise<void> {
    this.touch();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #watch(): void {
    setImmediate(() => {
      if (this.#openJobs() > 0) this.#quietTurns = 0;
      else this.#quietTurns++;
      if (this.#quietTurns < QUIET_TURNS) return this.#watch();
      this.#watching = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resolve of waiting) resolve();
    });
  }
}
