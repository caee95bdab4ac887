import type { ErrorCode } from "../core/error-code.js";

/** One quantity that a sensor gives. */
export interface Channel {
  readonly name: string;
  /** SenML unit symbol (RFC 8428 §12.1). */
  readonly unit: string;
  /** What the sensor can mean; a value outside is a failure of the sensor. */
  readonly min: number;
  readonly max: number;
}

/** A sensor with one or more channels. `open` before the first `read`; a failed read leaves the others to go on. */
export interface Sensor {
  readonly channels: readonly Channel[];
  open(): void;
  /** Writes one value per channel to `into` from `at`; returns OK or the reason that there is none. */
  read(into: Float32Array, at: number): ErrorCode;
  close(): void;
}
