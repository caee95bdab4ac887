/** What a bad cable does. Places are counted in bytes since the fault was made, from 0. */
export interface WireFaults {
  /** Bytes towards the device that get lost. */
  readonly loseToDevice?: readonly number[];
  /** Bytes towards the host that get lost. */
  readonly loseToHost?: readonly number[];
  /** Bytes that appear before the byte of that place on its way to the host. */
  readonly noiseToHost?: readonly (readonly [place: number, bytes: readonly number[]])[];
  /** The cable is pulled once so many bytes have gone to the device. */
  readonly unplugAfter?: number;
}

/** Applies faults to the two streams of a cable. */
export class FaultyWire {
  readonly #faults: WireFaults;
  #toDevice = 0;
  #toHost = 0;

  constructor(faults: WireFaults = {}) {
    this.#faults = faults;
  }

  /** What of it arrives; undefined where the cable is pulled meanwhile. */
  towardsDevice(bytes: Uint8Array): Uint8Array | undefined {
    const from = this.#toDevice;
    this.#toDevice += bytes.length;
    if (this.#toDevice > (this.#faults.unplugAfter ?? Infinity)) return undefined;
    return bytes.filter((_, i) => !this.#faults.loseToDevice?.includes(from + i));
  }

  towardsHost(bytes: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const byte of bytes) {
      const place = this.#toHost++;
      for (const [at, noise] of this.#faults.noiseToHost ?? []) if (at === place) out.push(...noise);
      if (!this.#faults.loseToHost?.includes(place)) out.push(byte);
    }
    return Uint8Array.from(out);
  }
}
