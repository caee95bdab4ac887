import { ErrorCode } from "../core/error-code.js";
import type { Clock, TimerId } from "../hal/clock.js";
import { checkRange } from "./check-range.js";
import type { Sensor } from "./sensor.js";

/** Hears each sample. `values` has one number per channel, NaN where its sensor failed. */
export type SampleHandler = (values: Float32Array) => void;

/** Hears why a sensor gave no value, for each sensor of each sample, and of samples that were missed. */
export type FailureHandler = (code: ErrorCode) => void;

/**
 * Reads every sensor at a fixed rate. The schedule is absolute: a late sample does not shift the next, and a whole
 * period missed is counted instead of caught up. Measurements of all sensors begin together, at the time that is due.
 */
export class Sampler {
  taken = 0;
  /** Samples that were due while the device was busy, and never taken. */
  missed = 0;
  /** Sensor reads that failed. */
  failures = 0;
  /** How late the measurements of the last sample began, milliseconds: whoever watches makes statistics of it. */
  lateMs = 0;

  /** When the measurements of the next sample begin, or those of the present one did. */
  _dueMs = 0;
  /** Between the beginning of the measurements and the sample. */
  _busy = false;

  private readonly _values: Float32Array;
  private _timer: TimerId = 0;

  constructor(
    private readonly _clock: Clock,
    private readonly _sensors: readonly Sensor[],
    private readonly _periodMs: number,
    private readonly _onSample: SampleHandler,
    private readonly _onFailure: FailureHandler,
  ) {
    this._values = new Float32Array(countChannels(_sensors));
  }

  /** Takes the first sample at `dueMs`; whole periods that have passed since count as missed. */
  start(dueMs: number): void {
    const now = this._clock.nowMs();
    this._dueMs = dueMs;
    this._pass(now - this._periodMs);
    if (this._dueMs > now) this._wait(now);
    else this._begin();
  }

  stop(): void {
    this._clock.cancel(this._timer);
    for (let i = 0; i < this._sensors.length; i++) this._sensors[i]!.close();
  }

  /** Begins the measurements, and takes the sample when the slowest sensor is ready. */
  private _begin(): void {
    let waitMs = 0;
    this._busy = true;
    this.lateMs = this._clock.nowMs() - this._dueMs;
    for (let i = 0; i < this._sensors.length; i++) waitMs = Math.max(waitMs, this._sensors[i]!.start());
    if (waitMs) this._timer = this._clock.after(waitMs, () => this._sample());
    else this._sample();
  }

  private _sample(): void {
    let at = 0;
    for (let i = 0; i < this._sensors.length; i++) {
      const sensor = this._sensors[i]!;
      this._read(sensor, at);
      at += sensor.channels.length;
    }
    this.taken++;
    this._busy = false;
    this._schedule();
    this._onSample(this._values);
  }

  private _read(sensor: Sensor, at: number): void {
    const status = sensor.read(this._values, at) || checkRange(this._values, at, sensor.channels);
    if (status === ErrorCode.OK) return;
    this.failures++;
    this._onFailure(status);
    for (let i = 0; i < sensor.channels.length; i++) this._values[at + i] = NaN;
  }

  private _schedule(): void {
    const now = this._clock.nowMs();
    this._dueMs += this._periodMs;
    this._pass(now);
    this._wait(now);
  }

  /** Passes over what was due at `ms` or before. */
  private _pass(ms: number): void {
    while (this._dueMs <= ms) {
      this._dueMs += this._periodMs;
      this.missed++;
      this._onFailure(ErrorCode.SAMPLE_MISSED);
    }
  }

  private _wait(now: number): void {
    this._timer = this._clock.after(this._dueMs - now, () => this._begin());
  }
}

/** Number of values in one sample. */
export function countChannels(sensors: readonly Sensor[]): number {
  let count = 0;
  for (let i = 0; i < sensors.length; i++) count += sensors[i]!.channels.length;
  return count;
}
