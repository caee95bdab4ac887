/** Times of one thing, gathered over several rounds. */
export class Samples {
  readonly #times: number[] = [];

  add(times: readonly number[]): void {
    this.#times.push(...times);
  }

  get count(): number {
    return this.#times.length;
  }

  /** The middle one of the fastest quarter: other processes only ever add to a time. */
  get ms(): number {
    const fastest = this.#fastest();
    return fastest[fastest.length >> 1]!;
  }

  /** How far the slowest of the fastest quarter, three at least, is from the fastest, as a part of it. */
  get spread(): number {
    const fastest = this.#fastest();
    return fastest.length < 2 ? Infinity : fastest.at(-1)! / Math.max(fastest[0]!, 1e-9) - 1;
  }

  #fastest(): number[] {
    const count = Math.max(3, Math.ceil(this.#times.length / 4));
    return [...this.#times].sort((a, b) => a - b).slice(0, count);
  }
}
