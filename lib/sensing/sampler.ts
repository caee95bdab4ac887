import { ErrorCode } from "../core/error-code.js";
import type { Clock, TimerId } from "../hal/clock.js";
import type { Channel, Sensor } from "./sensor.js";

/** Hears each sample. `values` has one number per channel, NaN where its sensor failed. */
export type SampleHandler = (values: Float32Array) => void;

/**
 * Reads every sensor at a fixed rate. The schedule is absolute: a late sample does not shift the next, and a whole
 * period missed is counted instead of caught up.
 */
export class Sampler {
  taken = 0;
  missed = 0;
  /** Sensor reads that failed. */
  failures = 0;

  private readonly _values: Float32Array;
  private _error: ErrorCode = ErrorCode.OK;
  private _timer: TimerId = 0;
  private _dueMs = 0;

  constructor(
    private readonly _clock: Clock,
    private readonly _sensors: readonly Sensor[],
    private readonly _periodMs: number,
    private readonly _onSample: SampleHandler,
  ) {
    this._values = new Float32Array(countChannels(_sensors));
  }

  start(): void {
    for (let i = 0; i < this._sensors.length; i++) this._sensors[i]!.open();
    this._dueMs = this._clock.nowMs();
    this._sample();
  }

  stop(): void {
    this._clock.cancel(this._timer);
    for (let i = 0; i < this._sensors.length; i++) this._sensors[i]!.close();
  }

  /** Why a sensor failed since the last call, OK where none did. */
  takeError(): ErrorCode {
    const error = this._error;
    this._error = ErrorCode.OK;
    return error;
  }

  private _sample(): void {
    let at = 0;
    for (let i = 0; i < this._sensors.length; i++) {
      const sensor = this._sensors[i]!;
      this._read(sensor, at);
      at += sensor.channels.length;
    }
    this.taken++;
    this._schedule();
    this._onSample(this._values);
  }

  private _read(sensor: Sensor, at: number): void {
    let status = sensor.read(this._values, at);
    for (let i = 0; i < sensor.channels.length && status === ErrorCode.OK; i++) {
      if (!inRange(this._values[at + i]!, sensor.channels[i]!)) status = ErrorCode.SENSOR_OUT_OF_RANGE;
    }
    if (status === ErrorCode.OK) return;
    this.failures++;
    this._error = status;
    for (let i = 0; i < sensor.channels.length; i++) this._values[at + i] = NaN;
  }

  private _schedule(): void {
    const now = this._clock.nowMs();
    this._dueMs += this._periodMs;
    while (this._dueMs <= now) {
      this._dueMs += this._periodMs;
      this.missed++;
    }
    this._timer = this._clock.after(this._dueMs - now, () => this._sample());
  }
}

/** Number of values in one sample. */
export function countChannels(sensors: readonly Sensor[]): number {
  let count = 0;
  for (let i = 0; i < sensors.length; i++) count += sensors[i]!.channels.length;
  return count;
}

function inRange(value: number, channel: Channel): boolean {
  return value >= channel.min && value <= channel.max;
}
