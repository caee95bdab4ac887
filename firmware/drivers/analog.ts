import { ErrorCode } from "../../lib/core/error-code.js";
import type { AnalogInput } from "../../lib/hal/analog-input.js";
import type { DigitalOutput } from "../../lib/hal/digital-output.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import type { Channel, SensorDriver } from "../../lib/sensing/sensor.js";

/** Readings whose mean is the value: the noise of the ESP32's converter is a dozen steps. */
const READINGS = 16;

export const analogFacts: DriverFacts = {
  driver: "analog",
  part: "any sensor that gives a voltage",
  bus: "analog",
  datasheet: "calibration points of the application",
  blindTo: "a broken wire that floats within the range",
};

/** How a voltage becomes a value. */
export interface AnalogPlace {
  readonly input: AnalogInput;
  readonly channel: Channel;
  /**
   * Calibration points [fraction of full scale, value], by rising fraction, two at least. Straight lines between them, and
   * beyond the ends the last line goes on: the channel's range says how far.
   */
  readonly points: readonly (readonly number[])[];
  /** Switches the supply of the sensor or of the divider, which is on for `settleMs` before each reading. */
  readonly supply?: DigitalOutput;
  readonly settleMs?: number;
}

/** A voltage that means something. */
export class AnalogSensor implements SensorDriver {
  readonly channels: readonly Channel[];
  readonly warmUpMs = 0;
  readonly conversionMs: number;

  constructor(private readonly _at: AnalogPlace) {
    this.channels = [_at.channel];
    this.conversionMs = _at.settleMs || 0;
  }

  open(): void {
    this._switch(false);
  }

  start(): ErrorCode {
    this._switch(true);
    return ErrorCode.OK;
  }

  read(into: Float32Array, at: number): ErrorCode {
    const { input, points } = this._at;
    let sum = 0;
    for (let i = 0; i < READINGS; i++) sum += input.read();
    this._switch(false);
    into[at] = interpolate(points, sum / READINGS);
    return sum === sum ? ErrorCode.OK : ErrorCode.PIN_UNUSABLE;
  }

  close(): void {
    this._switch(false);
  }

  private _switch(isOn: boolean): void {
    if (this._at.supply) this._at.supply.set(isOn);
  }
}

function interpolate(points: readonly (readonly number[])[], x: number): number {
  let i = 1;
  while (i < points.length - 1 && x > points[i]![0]!) i++;
  const a = points[i - 1]!;
  const b = points[i]!;
  return a[1]! + ((x - a[0]!) * (b[1]! - a[1]!)) / (b[0]! - a[0]!);
}
