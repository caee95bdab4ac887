/** Times of one thing, gathered over several rounds. */
export class Samples {
  readonly #times: number[] = [];

  add(times: readonly number[]): void {
    this.#times.push(...times);
  }

  get count(): number {
    return this.#times.length;
  }

  /** The middle one of the faster half: other processes only ever add to a time. */
  get ms(): number {
    const half = this.#fasterHalf();
    return half[half.length >> 1]!;
  }

  /** How far the slowest of the faster half is from the fastest, as a part of it. */
  get spread(): number {
    const half = this.#fasterHalf();
    return half.length === 0 ? Infinity : half.at(-1)! / Math.max(half[0]!, 1e-9) - 1;
  }

  #fasterHalf(): number[] {
    return [...this.#times].sort((a, b) => a - b).slice(0, Math.ceil(this.#times.length / 2));
  }
}
