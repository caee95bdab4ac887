import type { ResultRow } from "../../fleet/store/store.js";

/** A result as its device made it. */
export interface MadeResult {
  readonly value: number;
  /** 0 normal, 1 alarm. */
  readonly priority: number;
  /** Milliseconds since 1970, by the true time. */
  readonly madeAt: number;
}

/** What is wrong with a device's results in the store; all zero where nothing is. */
export interface Faults {
  /** Accepted by the outbox, and not in the store. */
  lost: number;
  /** In the store, and never made. */
  invented: number;
  /** With another value or class than was made. */
  altered: number;
  /** Stored after a later result of its class. */
  outOfOrder: number;
  /** Made outside the bounds of its time. */
  misplaced: number;
}

/** Times of results are whole seconds. */
const SECOND_MS = 1000;

/** What one device has made, by sequence: exactly that must be in the store in the end, each once and in order. */
export class Ledger {
  /** Results that the outbox has or had, as far as anybody can tell. */
  count = 0;
  readonly #made: (MadeResult | undefined)[] = [];
  #last = 0;
  #doubtful: MadeResult | undefined;

  /** The outbox has accepted a result. One before it that the power cut was whole if its sequence was passed over. */
  accepted(sequence: number, result: MadeResult): void {
    if (this.#doubtful !== undefined && sequence > this.#last + 1) this.#enter(this.#last + 1, this.#doubtful);
    this.#doubtful = undefined;
    this.#enter(sequence, result);
  }

  /** The power went while the outbox took a result: it is whole or absent. */
  interrupted(result: MadeResult): void {
    this.#doubtful = result;
  }

  /**
   * Compares with what the store has of the device, in the order of receipt.
   * @param timed true where the store's times are those of `madeAt`
   */
  compare(rows: readonly ResultRow[], timed: boolean): Faults {
    const faults = { lost: this.count, invented: 0, altered: 0, outOfOrder: 0, misplaced: 0 };
    const last = [0, 0];
    for (const row of rows) {
      const made = this.#made[row.sequence] ?? this.#ending(row.sequence);
      if (made === undefined) {
        faults.invented++;
        continue;
      }
      if (this.#made[row.sequence] !== undefined) faults.lost--;
      if (made.value !== row.value || made.priority !== row.priority) faults.altered++;
      if (row.sequence <= last[row.priority]!) faults.outOfOrder++;
      last[row.priority] = Math.max(last[row.priority]!, row.sequence);
      const early = row.earliest !== null && row.earliest > made.madeAt;
      if (timed && (early || row.at + SECOND_MS < made.madeAt)) faults.misplaced++;
    }
    return faults;
  }

  /** The last result of all, where the power went while it was taken and nothing has shown what became of it. */
  #ending(sequence: number): MadeResult | undefined {
    return sequence === this.#last + 1 ? this.#doubtful : undefined;
  }

  #enter(sequence: number, result: MadeResult): void {
    this.#made[sequence] = result;
    this.#last = sequence;
    this.count++;
  }
}
