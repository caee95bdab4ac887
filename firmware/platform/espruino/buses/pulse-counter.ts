/// <reference path="./globals.d.ts" />
import { DeviceError } from "../../../../lib/core/device-error.js";
import { ErrorCode } from "../../../../lib/core/error-code.js";
import type { PulseCounter } from "../../../../lib/hal/pulse-counter.js";

/** How often the engine has lost events of pins or lines. Reading the flag clears it, so all counters share one count. */
let losses = 0;

/**
 * `setWatch`: an interrupt queues each edge with its time, and the engine's loop calls the counter. The queue holds 4,096
 * bytes on the ESP32 (boards/ESP32.py, io_buffer_size) and an edge takes six (src/jsdevices.c), so about 340 pulses fit
 * while something blocks. What does not fit is lost, and the engine raises FIFO_FULL.
 */
export class EspruinoPulseCounter implements PulseCounter {
  private _watch: number | undefined;
  private _count = 0;
  private _losses = 0;

  constructor(private readonly _pin: string) {}

  open(debounceMs: number): void {
    const options = { repeat: true, edge: "falling" as const, debounce: debounceMs };
    this.close();
    try {
      pinMode(this._pin, "input_pullup");
      this._watch = setWatch(() => void this._count++, this._pin, options);
    } catch (_) {
      // There is no such pin.
    }
    // A pin that cannot be watched is told on the console only.
    if (this._watch === undefined) throw new DeviceError(ErrorCode.PIN_UNUSABLE, 0);
    this.take();
  }

  take(): number {
    if (E.getErrorFlags().indexOf("FIFO_FULL") >= 0) losses++;
    const count = this._losses === losses ? this._count : NaN;
    this._losses = losses;
    this._count = 0;
    return count;
  }

  close(): void {
    if (this._watch !== undefined) clearWatch(this._watch);
    this._watch = undefined;
  }
}
