import type { ErrorCode } from "../core/error-code.js";

/** One quantity that a sensor gives. */
export interface Channel {
  readonly name: string;
  /** SenML unit symbol (RFC 8428 §12.1, RFC 8798). */
  readonly unit: string;
  /** What the sensor can mean; a value outside is a failure of the sensor. */
  readonly min: number;
  readonly max: number;
}

/** A sensor with one or more channels, as the Sampler knows it. None of its calls throws. */
export interface Sensor {
  readonly channels: readonly Channel[];
  /** Begins a measurement. Returns the milliseconds after which it may be read, 0 for at once. */
  start(): number;
  /** Writes one value per channel to `into` from `at`; returns OK or the reason that there is none. */
  read(into: Float32Array, at: number): ErrorCode;
  close(): void;
}

/**
 * The driver of a part: what its author writes. `ManagedSensor` makes a Sensor of it, opens it, opens it again after a
 * failure, and waits. Nothing in a driver blocks or allocates but `open`.
 */
export interface SensorDriver {
  readonly channels: readonly Channel[];
  /** From `open` until a measurement means anything, milliseconds. */
  readonly warmUpMs: number;
  /** From `start` until the values can be read, milliseconds: the datasheet's maximum. */
  readonly conversionMs: number;
  /** Finds the part, checks that it is the right one, and sets it up. Throws a DeviceError. */
  open(): void;
  /** Begins one measurement; OK or a reason. */
  start(): ErrorCode;
  /** Writes one value per channel to `into` from `at`; OK or a reason. A value that may be wrong is a failure. */
  read(into: Float32Array, at: number): ErrorCode;
  /** Leaves the part as it uses least. Called after failures too, with the part perhaps gone. */
  close(): void;
}
