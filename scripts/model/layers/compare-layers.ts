import { realValue, storedValues, type Layer } from "./layer.js";

/** An element in which two runs part. */
export interface Parting {
  readonly record: number;
  /** Position in the list of layers. */
  readonly layer: number;
  /** Indexes of the element along the axes of the tensor. */
  readonly index: readonly number[];
  /** What is stored, and what it stands for. */
  readonly storedA: number;
  readonly storedB: number;
  readonly realA: number;
  readonly realB: number;
}

/** How far two runs differ in one layer, over all records. */
export interface LayerDifference {
  /** Elements compared. */
  readonly elements: number;
  readonly differing: number;
  /** Records in which at least one element differs. */
  readonly records: number;
  /** Greatest difference of stored and of real values. */
  readonly greatestStored: number;
  readonly greatestReal: number;
  /** Of the first record that differs; undefined where none does. */
  readonly first: Parting | undefined;
}

/** Compares the layers of two runs, record by record. */
export class LayerComparison {
  readonly #differences: LayerDifference[];
  #records = 0;

  constructor(
    private readonly a: readonly Layer[],
    private readonly b: readonly Layer[],
  ) {
    const none = { elements: 0, differing: 0, records: 0, greatestStored: 0, greatestReal: 0, first: undefined };
    this.#differences = a.map(() => none);
  }

  get records(): number {
    return this.#records;
  }

  get differences(): readonly LayerDifference[] {
    return this.#differences;
  }

  /** The parting of the first layer that differs in any record. */
  get first(): Parting | undefined {
    return this.#differences.find(({ first }) => first !== undefined)?.first;
  }

  /** Takes the bytes of every layer of one record. */
  add(a: readonly Uint8Array[], b: readonly Uint8Array[]): void {
    this.a.forEach((_, layer) => {
      const known = this.#differences[layer]!;
      this.#differences[layer] = this.#compare(known, layer, a[layer]!, b[layer]!);
    });
    this.#records++;
  }

  #compare(known: LayerDifference, layer: number, bytesA: Uint8Array, bytesB: Uint8Array): LayerDifference {
    const [a, b] = [this.a[layer]!, this.b[layer]!];
    const storedA = storedValues(a, bytesA);
    const storedB = storedValues(b, bytesB);
    let { differing, greatestStored, greatestReal, first } = known;
    for (let i = 0; i < storedA.length; i++) {
      const [x, y] = [storedA[i]!, storedB[i]!];
      // NaN in both is no difference.
      if (Object.is(x, y) || x === y) continue;
      const [realA, realB] = [realValue(a, x), realValue(b, y)];
      differing++;
      greatestStored = Math.max(greatestStored, Math.abs(x - y));
      greatestReal = Math.max(greatestReal, Math.abs(realA - realB));
      first ??= { record: this.#records, layer, index: indexOf(i, a.shape), storedA: x, storedB: y, realA, realB };
    }
    const records = known.records + (differing > known.differing ? 1 : 0);
    return { elements: known.elements + storedA.length, differing, records, greatestStored, greatestReal, first };
  }
}

/** Indexes of an element from its position in row-major order. */
function indexOf(position: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = position;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
