/// <reference path="./globals.d.ts" />
import type { DigitalOutput } from "../../../../lib/hal/digital-output.js";

/** A pin driven by `digitalWrite`, which makes it an output. */
export class EspruinoDigitalOutput implements DigitalOutput {
  constructor(private readonly _pin: string) {}

  set(isHigh: boolean): void {
    digitalWrite(this._pin, isHigh);
  }
}
