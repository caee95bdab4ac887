import { ErrorCode } from "../../lib/core/error-code.js";
import type { ReadingSource } from "../../lib/hal/reading-source.js";
import type { Channel, Sensor } from "../../lib/sensing/sensor.js";

/** A sensor whose values come from the platform's readings: a simulator or a recording. One channel each. */
export class FeedSensor implements Sensor {
  readonly channels: readonly Channel[];

  constructor(
    private readonly _readings: ReadingSource,
    channel: Channel,
  ) {
    this.channels = [channel];
  }

  start(): number {
    return 0;
  }

  read(into: Float32Array, at: number): ErrorCode {
    const value = this._readings.read(this.channels[0]!.name);
    into[at] = value;
    return value === value ? ErrorCode.OK : ErrorCode.SENSOR_FAILED;
  }

  close(): void {}
}

/** One feed sensor per channel. */
export function feed(readings: ReadingSource, channels: readonly Channel[]): Sensor[] {
  return channels.map((channel) => new FeedSensor(readings, channel));
}
