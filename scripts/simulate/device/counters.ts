/** An application that gave up in its setup prints this and does nothing more. */
const CANNOT_START = /sertao: (cannot start: .*)$/;

/**
 * What an application tells through `sertaoObserve`. It counts since its boot; these sums go over all boots of the
 * device.
 */
export class DeviceCounters {
  crashes = 0;
  boots = 0;
  lastCrash: string | undefined;
  /** Present values, not sums. */
  waiting = 0;
  connected = false;
  readonly #past = new Map<string, number>();
  readonly #now = new Map<string, number>();

  observe(name: string, value: number): void {
    if (name === "waiting") this.waiting = value;
    else if (name === "connected") this.connected = value !== 0;
    else this.#now.set(name, value);
  }

  crashed(message: string): void {
    this.crashes++;
    this.lastCrash = message;
  }

  /** A line on the console. */
  printed(line: string): void {
    const [, failure] = CANNOT_START.exec(line.trimEnd()) ?? [];
    if (failure !== undefined) this.crashed(failure);
  }

  /** A boot has ended: its counts are history. */
  endBoot(): void {
    for (const [name, value] of this.#now) this.#past.set(name, (this.#past.get(name) ?? 0) + value);
    this.#now.clear();
    this.connected = false;
  }

  total(name: string): number {
    return (this.#past.get(name) ?? 0) + (this.#now.get(name) ?? 0);
  }

  get samples(): number {
    return this.total("sample");
  }

  get inferences(): number {
    return this.total("inference");
  }

  /** Records that the outbox accepted. */
  get reported(): number {
    return this.total("reported");
  }

  get evicted(): number {
    return this.total("evicted");
  }
}
