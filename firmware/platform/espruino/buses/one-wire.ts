/// <reference path="./globals.d.ts" />
import type { OneWire as OneWireLine } from "../../../../lib/hal/one-wire.js";

/**
 * The firmware's bit-banged 1-Wire (src/jswrap_onewire.c). A byte takes half a millisecond, in which nothing else runs;
 * interrupts are off for each bit, so none is stretched. Its `reset` reads the line once: a short looks like presence.
 */
export class EspruinoOneWire implements OneWireLine {
  private readonly _line: EspruinoOneWireLine;

  constructor(pin: string) {
    this._line = new OneWire(pin);
  }

  reset(): boolean {
    return this._line.reset();
  }

  write(bytes: ArrayLike<number>, keepPower: boolean): void {
    this._line.write(bytes, keepPower);
  }

  read(into: Uint8Array): void {
    into.set(this._line.read(into.length));
  }
}
