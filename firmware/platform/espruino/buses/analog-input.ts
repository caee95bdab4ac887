/// <reference path="./globals.d.ts" />
import type { AnalogInput } from "../../../../lib/hal/analog-input.js";

/**
 * `analogRead`. On the ESP32 family only ADC1 is wired up: a pin without it gives NaN, or -1/4096 where the channel is
 * refused (targets/esp32/jshardwareAnalog.c, readADC).
 */
export class EspruinoAnalogInput implements AnalogInput {
  constructor(private readonly _pin: string) {}

  read(): number {
    const value = analogRead(this._pin);
    return value >= 0 ? value : NaN;
  }
}
