const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Adam (D. Kingma, J. Ba, 2015) over a set of parameter arrays, with L2 decay of those marked. */
export class Adam {
  readonly #first: readonly Float32Array[];
  readonly #second: readonly Float32Array[];
  #steps = 0;

  /** @param decays for each array, the L2 penalty */
  constructor(
    private readonly parameters: readonly Float32Array[],
    private readonly decays: readonly number[],
  ) {
    this.#first = parameters.map((array) => new Float32Array(array.length));
    this.#second = parameters.map((array) => new Float32Array(array.length));
  }

  /** One step along `gradient` (sums), of which `scale` makes means. */
  step(gradient: readonly Float32Array[], scale: number, learningRate: number): void {
    this.#steps++;
    const rate = (learningRate * Math.sqrt(1 - BETA_2 ** this.#steps)) / (1 - BETA_1 ** this.#steps);
    for (let p = 0; p < this.parameters.length; p++) {
      const values = this.parameters[p]!;
      const first = this.#first[p]!;
      const second = this.#second[p]!;
      for (let i = 0; i < values.length; i++) {
        const slope = gradient[p]![i]! * scale + this.decays[p]! * values[i]!;
        first[i] = BETA_1 * first[i]! + (1 - BETA_1) * slope;
        second[i] = BETA_2 * second[i]! + (1 - BETA_2) * slope * slope;
        values[i] = values[i]! - (rate * first[i]!) / (Math.sqrt(second[i]!) + EPSILON);
      }
    }
  }
}
