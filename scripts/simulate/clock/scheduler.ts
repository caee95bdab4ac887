/** An event that has not happened yet. */
interface Event {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** Takes an event back; one that has happened is ignored. */
export type Cancel = () => void;

/**
 * Virtual time: one ordered queue of events for all devices, links and generators. Events of the same moment happen in
 * the order in which they were asked for, so a run depends on nothing but its inputs.
 */
export class Scheduler {
  #nowMs = 0;
  #order = 0;
  readonly #heap: Event[] = [];
  /** Called when an event is added: whoever waits for real time must look again. */
  onAdded: (() => void) | undefined;

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Time of the next event; Infinity where there is none. */
  get nextMs(): number {
    this.#dropCancelled();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Asks for `run` at a time; a time that has passed means as soon as possible. */
  at(atMs: number, run: () => void): Cancel {
    const event: Event = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, run };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    this.onAdded?.();
    return () => {
      event.run = undefined;
    };
  }

  after(delayMs: number, run: () => void): Cancel {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** Moves time to the next event and lets it happen; false where there is none at or before `limitMs`. */
  step(limitMs: number): boolean {
    if (this.nextMs > limitMs || this.#heap.length === 0) return false;
    const event = this.#take();
    this.#nowMs = event.atMs;
    event.run?.();
    return true;
  }

  /** Moves time on where nothing happens before. */
  advanceTo(atMs: number): void {
    if (atMs > this.#nowMs) this.#nowMs = Math.min(atMs, this.nextMs);
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]!.run === undefined) this.#take();
  }

  #take(): Event {
    const first = this.#heap[0]!;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!before(this.#heap[at]!, this.#heap[parent]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && before(this.#heap[child]!, this.#heap[least]!)) least = child;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const event = this.#heap[a]!;
    this.#heap[a] = this.#heap[b]!;
    this.#heap[b] = event;
  }
}

function before(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
