import type { DenseLayer } from "../dense-layer.js";
import type { Parameter } from "../lowered.js";
import { constant, int, scratch } from "../parameters.js";
import type { Requantization } from "../requantize/requantization.js";
import type { StepFunction } from "../requantize/step-function.js";
import { affineSteps, LANE, type AffineStep, type Lane, type SumForm } from "./affine-steps.js";

/** Where the sums of an output channel come out of a row; without a channel the place is filled up. */
export interface Slot {
  readonly unit: number | undefined;
  readonly lane: Lane;
  /** What the sums lack. */
  readonly bias: number;
}

/** Affine maps of pairs of numbers, as many for each. */
export interface PairSteps {
  readonly steps: number;
  readonly matrices: Float64Array;
}

/** Output for each clamped value: what clamping arrays leave between 0 and 255, cut at the activation's greatest. */
export function clampTable({ low, high }: Requantization): Int8Array {
  return Int8Array.from({ length: 256 }, (_, value) => Math.min(high, low + value));
}

/** True where every channel has a fit, so that no integer form is needed. */
export function allFitted({ channels }: Requantization): boolean {
  return channels.every(({ fit }) => fit !== undefined);
}

/**
 * The affine maps of all pairs of neighbouring numbers; undefined where a channel has none.
 * @param pairs what the first and the second number of a pair stand for
 */
export function pairSteps(
  layer: DenseLayer,
  r: Requantization,
  pairs: readonly (readonly [Slot, Slot])[],
): PairSteps | undefined {
  if (!allFitted(r)) return undefined;
  for (const rounds of [false, true]) {
    const steps = rounds ? 2 : 1;
    const known = new Map<string, readonly AffineStep[] | undefined>();
    const stepsOf = ({ unit, lane, bias }: Slot): readonly AffineStep[] | undefined => {
      if (unit === undefined) return new Array<AffineStep>(steps).fill({ factor: 0, addend: 0 });
      const key = `${unit} ${lane.scale} ${lane.offset}`;
      if (!known.has(key)) known.set(key, affineSteps(stepFunction(layer, r, unit), lane, bias, rounds));
      return known.get(key);
    };
    const all = pairs.map(([x, y]) => [stepsOf(x), stepsOf(y)] as const);
    if (!all.every(([x, y]) => x !== undefined && y !== undefined)) continue;
    const matrices = all.flatMap(([x, y]) => x!.flatMap((step, i) => matrix(step, y![i]!)));
    return { steps, matrices: Float64Array.from(matrices) };
  }
  return undefined;
}

/** One affine map for the first, another for the second number of a pair. */
function matrix(x: AffineStep, y: AffineStep): number[] {
  return [x.factor, 0, 0, y.factor, x.addend, y.addend];
}

/** A channel's outputs as a function of its accumulators. */
function stepFunction(layer: DenseLayer, r: Requantization, unit: number): StepFunction {
  const { rounding, zeroPoint, low, high } = r;
  const ranges = r.perChannel ? [layer.ranges[unit]!] : layer.ranges;
  return {
    factor: r.channels[r.perChannel ? unit : 0]!.factor,
    rounding,
    zeroPoint,
    low,
    high,
    least: Math.min(...ranges.map(({ least }) => least)),
    greatest: Math.max(...ranges.map(({ greatest }) => greatest)),
  };
}

/**
 * Two rows of weights in one; undefined where one does not fit an int32.
 * @param second may be shorter than `first`, down to nothing
 */
export function packedRow(first: ArrayLike<number>, second: ArrayLike<number>): Int32Array | undefined {
  const row = new Int32Array(first.length);
  for (let i = 0; i < row.length; i++) {
    const value = first[i]! + LANE * (second[i] ?? 0);
    if (value !== (value | 0)) return undefined;
    row[i] = value;
  }
  return row;
}

/** The greatest sum of a channel, whatever its sign, without the bias. */
export function greatestSum(layer: DenseLayer, unit: number): number {
  const { least, greatest } = layer.ranges[unit]!;
  const bias = layer.bias[unit]!;
  return Math.max(bias - least, greatest - bias);
}

/** Maps that bring packed sums out, as matrices. */
export function unpackMatrices({ unpack }: SumForm): Parameter[] {
  return unpack.map((step) => constant(Float64Array.from(matrix(step, step))));
}

/**
 * What `readNativeRequantizer` of lib/nn reads.
 * @param form of the sums it is given
 */
export function nativeRequantizer(
  { steps, matrices }: PairSteps,
  r: Requantization,
  form: SumForm,
  integersAt: number,
  rowsAt: number,
): Parameter[] {
  return [
    int(steps),
    constant(matrices),
    constant(clampTable(r)),
    scratch(integersAt),
    scratch(rowsAt),
    ...(form.lanes.length > 1 ? [scratch(integersAt), ...unpackMatrices(form)] : []),
  ];
}

/** Elements of a table that tells where the channels of some pixels are. */
const GREATEST_INDEX = 512;

/** How many pixels to write at one time. */
export function pixelGroup(units: number, pixels: number): number {
  return Math.max(1, Math.min(pixels, Math.floor(GREATEST_INDEX / units)));
}

/** What `readLeanRequantizer` of lib/nn reads, for the units [from, to); undefined where a channel has no fit. */
export function leanRequantizer(
  layer: DenseLayer,
  r: Requantization,
  from: number,
  to: number,
): Parameter[] | undefined {
  if (!allFitted(r)) return undefined;
  const units = Array.from({ length: to - from }, (_, i) => from + i);
  const constants = units.flatMap((unit) => {
    const { m, positive, negative } = r.channels[r.perChannel ? unit : 0]!.fit!;
    return [m, layer.bias[unit]! * m + positive, layer.bias[unit]! * m + negative];
  });
  return [
    constant(Float64Array.from(constants)),
    constant(Int32Array.from(units, (unit) => -layer.bias[unit]!)),
    constant(clampTable(r)),
  ];
}
