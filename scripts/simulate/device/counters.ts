/** An application that gave up in its setup prints this and does nothing more. */
const CANNOT_START = /sertao: (cannot start: .*)$/;

/** How a managed sensor's failures are told (lib/sensing/managed-sensor.ts). */
const FAILED = "failed ";

/**
 * What an application tells through `sertaoObserve`. It counts since its boot; these sums go over all boots of the
 * device.
 */
export class DeviceCounters {
  crashes = 0;
  boots = 0;
  powerCuts = 0;
  lastCrash: string | undefined;
  /** Present values, not sums. */
  waiting = 0;
  connected = false;
  /** An outbox in flash counts its evictions on from boot to boot, one in RAM begins anew. */
  #evictedBefore = 0;
  #evictedAtBoot: number | undefined;
  /** How late measurements began, milliseconds: the latest of all boots. */
  maxLateMs = 0;
  #lateMs = 0;
  #begun = 0;
  readonly #past = new Map<string, number>();
  readonly #now = new Map<string, number>();

  observe(name: string, value: number): void {
    if (name === "waiting") this.waiting = value;
    else if (name === "connected") this.connected = value !== 0;
    else if (name === "evicted") this.#evictions(value);
    else if (name === "lateMs") this.#late(value);
    else this.#now.set(name, value);
  }

  #evictions(value: number): void {
    this.#evictedAtBoot ??= value >= this.#evictedBefore ? this.#evictedBefore : 0;
    this.#now.set("evicted", value - this.#evictedAtBoot);
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
    this.#evictedBefore = (this.#evictedAtBoot ?? this.#evictedBefore) + (this.#now.get("evicted") ?? 0);
    this.#evictedAtBoot = undefined;
    this.#now.clear();
    this.connected = false;
  }

  total(name: string): number {
    return (this.#past.get(name) ?? 0) + (this.#now.get(name) ?? 0);
  }

  #late(lateMs: number): void {
    this.#begun++;
    this.#lateMs += lateMs;
    this.maxLateMs = Math.max(this.maxLateMs, lateMs);
  }

  get meanLateMs(): number {
    return this.#begun === 0 ? 0 : this.#lateMs / this.#begun;
  }

  /** Samples that were due while the device was busy. */
  get missed(): number {
    return this.total("missed");
  }

  /** Readings that gave no value, by sensor: "0 airTemperature". */
  get failedReads(): ReadonlyMap<string, number> {
    const names = new Set([...this.#past.keys(), ...this.#now.keys()]);
    const failed = [...names].filter((name) => name.startsWith(FAILED));
    return new Map(failed.sort().map((name) => [name.slice(FAILED.length), this.total(name)]));
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
