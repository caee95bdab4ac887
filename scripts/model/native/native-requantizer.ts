import type { DenseLayer } from "../dense-layer.js";
import type { Parameter } from "../lowered.js";
import { constant, scratch } from "../parameters.js";
import type { Requantization } from "../requantize/requantization.js";

/** Output for each clamped value: what clamping arrays leave between 0 and 255, cut at the activation's greatest. */
export function clampTable({ low, high }: Requantization): Int8Array {
  return Int8Array.from({ length: 256 }, (_, value) => Math.min(high, low + value));
}

/** True where every channel has a fit, so that no integer form is needed. */
export function allFitted({ channels }: Requantization): boolean {
  return channels.every(({ fit }) => fit !== undefined);
}

/**
 * What `readNativeRequantizer` of lib/nn reads: the layer's biases are folded into the addends and the sum at
 * which the sign changes is given.
 */
export function nativeRequantizer(
  layer: DenseLayer,
  r: Requantization,
  from: number,
  to: number,
  rowsAt: number,
  sumsAt: number,
): Parameter[] {
  const units = Array.from({ length: to - from }, (_, i) => from + i);
  const fit = (unit: number): { m: number; positive: number; negative: number } =>
    r.channels[r.perChannel ? unit : 0]!.fit!;
  const addend = (unit: number, sign: "positive" | "negative"): number =>
    layer.bias[unit]! * fit(unit).m + fit(unit)[sign];
  return [
    constant(Float64Array.from(units, (unit) => fit(unit).m)),
    constant(Float64Array.from(units, (unit) => addend(unit, "positive"))),
    constant(Float64Array.from(units, (unit) => addend(unit, "negative"))),
    constant(Int32Array.from(units, (unit) => -layer.bias[unit]!)),
    constant(clampTable(r)),
    scratch(rowsAt),
    scratch(sumsAt),
  ];
}
