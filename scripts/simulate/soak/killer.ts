/** Kills something several times in a run, evenly over its results, and starts it again. */
export class Killer {
  /** Times that it was killed. */
  kills = 0;
  readonly #results: number;
  readonly #times: number;
  readonly #kill: () => Promise<void>;
  #running: Promise<void> | undefined;
  #failure: unknown;

  /**
   * @param results that the run will have in the end
   * @param times to kill
   * @param kill ends it at once, and resolves when it is up again
   */
  constructor(results: number, times: number, kill: () => Promise<void>) {
    this.#results = results;
    this.#times = times;
    this.#kill = kill;
  }

  /** Kills where that is due. Throws what went wrong when it was to be started again. */
  delivered(results: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    const due = Math.floor((results * (this.#times + 1)) / this.#results);
    if (this.#running !== undefined || this.kills >= Math.min(due, this.#times)) return;
    this.kills++;
    this.#running = this.#kill().then(
      () => {
        this.#running = undefined;
      },
      (error: unknown) => {
        this.#failure = error;
      },
    );
  }

  /** Resolves when what was killed is up again. */
  async rest(): Promise<void> {
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }
}
