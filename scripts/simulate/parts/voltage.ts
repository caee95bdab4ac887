import type { Fault, World } from "./fault.js";

/** Steps of the ESP32's converter, which gives its count over 4096 (targets/esp32/jshardwareAnalog.c). */
const STEPS = 4096;

/** A sensor that gives a voltage. */
export class VoltageModel {
  fault: Fault = "none";

  /** @param points [fraction of full scale, value], by rising fraction: what the driver is calibrated with */
  constructor(
    private readonly _world: World,
    private readonly _channel: string,
    private readonly _points: readonly (readonly number[])[],
  ) {}

  /** Fraction of full scale. A cut wire reads 0, a short to the supply 1. */
  read(nowMs: number): number {
    if (this.fault === "stuck") return 1 - 1 / STEPS;
    const value = this._world.read(this._channel, nowMs);
    if (this.fault !== "none" || value !== value) return 0;
    return quantize(fractionOf(this._points, value));
  }
}

function fractionOf(points: readonly (readonly number[])[], value: number): number {
  const isRising = points[points.length - 1]![1]! > points[0]![1]!;
  let i = 1;
  while (i < points.length - 1 && (isRising ? value > points[i]![1]! : value < points[i]![1]!)) i++;
  const a = points[i - 1]!;
  const b = points[i]!;
  return a[0]! + ((value - a[1]!) * (b[0]! - a[0]!)) / (b[1]! - a[1]!);
}

function quantize(fraction: number): number {
  const count = Math.floor(fraction * STEPS + 0.5);
  return (count < 0 ? 0 : count > STEPS - 1 ? STEPS - 1 : count) / STEPS;
}
