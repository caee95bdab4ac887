/** The last samples of all channels, newest first. Feature code needs nothing else, on the device and in training. */
export class SampleWindow {
  /** Number of samples held, at most `capacity`. */
  length = 0;

  private readonly _samples: Float32Array;
  private _newest = 0;

  /**
   * @param channels values per sample
   * @param capacity samples kept
   */
  constructor(
    readonly channels: number,
    readonly capacity: number,
  ) {
    this._samples = new Float32Array(channels * capacity);
    this._newest = capacity - 1;
  }

  /** Takes a sample (its first `channels` values are copied); the oldest falls out of a full window. */
  push(values: ArrayLike<number>): void {
    this._newest = this._newest + 1 < this.capacity ? this._newest + 1 : 0;
    const at = this._newest * this.channels;
    for (let i = 0; i < this.channels; i++) this._samples[at + i] = values[i]!;
    if (this.length < this.capacity) this.length++;
  }

  /** Value of a channel `ago` samples before the newest (0); NaN where there is none. */
  value(channel: number, ago: number): number {
    if (!(ago >= 0 && ago < this.length && channel >= 0 && channel < this.channels)) return NaN;
    const sample = this._newest - ago;
    return this._samples[(sample < 0 ? sample + this.capacity : sample) * this.channels + channel]!;
  }

  /** Forgets all samples: after a gap, the next are not their neighbours. */
  clear(): void {
    this.length = 0;
  }
}
