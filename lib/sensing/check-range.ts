import { ErrorCode } from "../core/error-code.js";
import type { Channel } from "./sensor.js";

/** OK where each value, from `at` on, is one that its channel can mean. */
export function checkRange(values: Float32Array, at: number, channels: readonly Channel[]): ErrorCode {
  for (let i = 0; i < channels.length; i++) {
    const value = values[at + i]!;
    // NaN is in no range.
    if (!(value >= channels[i]!.min && value <= channels[i]!.max)) return ErrorCode.SENSOR_OUT_OF_RANGE;
  }
  return ErrorCode.OK;
}
