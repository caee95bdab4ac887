import type { Arrival, Outcome, Store } from "./store.js";

/** Arrivals in one transaction at most: more would make the first of them wait too long. */
const MAX_BATCH = 512;

interface Waiting {
  readonly arrival: Arrival;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit: what arrives in one turn of the event loop, or during a commit, shares the next transaction. */
export class CommitQueue {
  readonly #store: Store;
  #waiting: Waiting[] = [];
  #running = false;
  #unfinished = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Arrivals that are not committed yet. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /** Resolves when the arrival is durable; rejects when its transaction failed, and nothing of it is stored. */
  push(arrival: Arrival): Promise<Outcome> {
    this.#unfinished++;
    const promise = new Promise<Outcome>((resolve, reject) => this.#waiting.push({ arrival, resolve, reject }));
    if (!this.#running) {
      this.#running = true;
      setImmediate(() => void this.#run());
    }
    return promise;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        const outcomes = await this.#store.commit(batch.map((entry) => entry.arrival));
        batch.forEach((entry, index) => entry.resolve(outcomes[index]!));
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
      this.#unfinished -= batch.length;
    }
    this.#running = false;
  }
}
