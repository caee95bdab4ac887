import { ErrorCode } from "../../lib/core/error-code.js";
import type { Clock } from "../../lib/hal/clock.js";
import type { PulseCounter } from "../../lib/hal/pulse-counter.js";
import type { Channel, SensorDriver } from "../../lib/sensing/sensor.js";

/** What turns pulses into a value. */
export interface PulsePlace {
  readonly counter: PulseCounter;
  readonly clock: Clock;
  readonly channel: Channel;
  readonly debounceMs: number;
  /** A rate needs a while to count before its first value. */
  readonly warmUpMs: number;
  /** Value of `pulses` in `seconds`, both since the reading before, or since opening. */
  readonly value: (pulses: number, seconds: number) => number;
}

/**
 * A contact that closes so often as there is more of something. What came before a sample belongs to it, also where samples
 * between were missed. While the sensor is closed, or the device in deep sleep, nothing is counted.
 */
export class PulseSensor implements SensorDriver {
  readonly channels: readonly Channel[];
  readonly warmUpMs: number;
  readonly conversionMs = 0;

  private _sinceMs = 0;

  constructor(private readonly _at: PulsePlace) {
    this.channels = [_at.channel];
    this.warmUpMs = _at.warmUpMs;
  }

  open(): void {
    const { clock, counter, debounceMs } = this._at;
    counter.open(debounceMs);
    this._sinceMs = clock.nowMs();
  }

  start(): ErrorCode {
    return ErrorCode.OK;
  }

  read(into: Float32Array, at: number): ErrorCode {
    const { clock, counter, value } = this._at;
    const pulses = counter.take();
    const nowMs = clock.nowMs();
    const seconds = (nowMs - this._sinceMs) / 1000;
    this._sinceMs = nowMs;
    into[at] = value(pulses, seconds);
    return pulses === pulses ? ErrorCode.OK : ErrorCode.PULSES_LOST;
  }

  close(): void {
    this._at.counter.close();
  }
}
