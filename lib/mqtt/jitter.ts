/**
 * Random numbers that differ between devices and boots although the engine's own do not. Not for keys.
 * xorshift32: Marsaglia, "Xorshift RNGs", J. Stat. Soft. 8 (14), 2003.
 */
export class Jitter {
  private _state: number;

  /** @param seed any 32-bit number; devices and boots must differ in it */
  constructor(seed: number) {
    // 0 is the one state that xorshift never leaves.
    this._state = seed | 0 || 0x2545f491;
    // Seeds that differ in few bits give first numbers that differ in few bits.
    for (let i = 0; i < 16; i++) this.next();
  }

  /** A number from 0 up to 1, 1 excluded. */
  next(): number {
    let x = this._state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this._state = x;
    return (x >>> 0) / 4294967296;
  }
}
