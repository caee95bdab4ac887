import { lanes } from "../../lib/nn/dense-rows.js";
import { modelTooBig } from "../errors/model.js";
import type { Parameter } from "./lowered.js";
import type { Node } from "./lowering.js";
import { constant, int, requantizer, scratch } from "./parameters.js";
import type { Quantization } from "./quantization.js";
import type { Requantization, SumRange } from "./requantize/requantization.js";
import type { TfliteTensor } from "./tflite/tflite-model.js";

/** Bytes of weights one device operator may have: they must lie in one segment of the pack. */
export const GREATEST_WEIGHT_BYTES = 60000;
const INT32 = 2147483648;

/** Weights as rows, one per output channel, with everything a row's sum depends on. */
export interface DenseLayer {
  readonly depth: number;
  readonly units: number;
  readonly weights: Int8Array;
  /** Bias with the input's zero point folded in: what the sum of input * weight begins at. */
  readonly bias: Int32Array;
  readonly ranges: readonly SumRange[];
}

/**
 * Folds the input's zero point into the biases and bounds every row's sum.
 * @param weights `units` rows of `depth`
 */
export function denseLayer(
  node: Node,
  weights: Int8Array,
  units: number,
  bias: Int32Array,
  zeroPoint: number,
): DenseLayer {
  const depth = weights.length / units;
  const folded = new Int32Array(units);
  const ranges: SumRange[] = [];
  for (let unit = 0; unit < units; unit++) {
    let start = bias[unit]!;
    let least = start;
    let greatest = start;
    let sum = 0;
    for (let i = unit * depth; i < (unit + 1) * depth; i++) {
      const weight = weights[i]!;
      sum += weight;
      start -= weight * zeroPoint;
      least += weight * (weight > 0 ? -128 - zeroPoint : 127 - zeroPoint);
      greatest += weight * (weight > 0 ? 127 - zeroPoint : -128 - zeroPoint);
    }
    if (!fits(least) || !fits(greatest)) node.refuse(`the sums of channel ${unit} do not fit 32 bits`);
    if (!fits(start) || !fits(start - 128 * sum)) node.refuse(`the bias of channel ${unit} does not fit 32 bits`);
    folded[unit] = start;
    ranges.push({ least, greatest });
  }
  return { depth, units, weights, bias: folded, ranges };
}

function fits(value: number): boolean {
  return value >= -INT32 && value < INT32;
}

/** Real factors from sum to output: one, or one per output channel. */
export function layerFactors(
  node: Node,
  weights: TfliteTensor,
  output: Quantization,
  units: number,
  product: (scale: number) => number,
): number[] {
  const { scales, zeroPoints } = weights;
  if (scales.length !== 1 && scales.length !== units) node.refuse(`${weights.name} has ${scales.length} scales`);
  if (zeroPoints.some((zero) => zero !== 0)) node.refuse(`${weights.name} has a zero point other than 0`);
  if (scales.some((scale) => !(scale >= 0) || !Number.isFinite(scale))) node.refuse(`${weights.name} has a bad scale`);
  return scales.map((scale) => product(scale) / output.scale);
}

/** What `readDenseRows` of lib/nn reads, for the units [from, to). */
export function denseRows(layer: DenseLayer, r: Requantization, from: number, to: number): Parameter[] {
  const { depth } = layer;
  const channels = r.perChannel ? r.channels.slice(from, to) : r.channels;
  const weights = new Int8Array(depth * lanes(to - from));
  weights.set(layer.weights.subarray(from * depth, to * depth));
  const bias = new Int32Array(lanes(to - from));
  // The device counts inputs from their least.
  for (let unit = from; unit < to; unit++) bias[unit - from] = layer.bias[unit]! - 128 * rowSum(layer, unit);
  return [
    int(to - from),
    constant(weights),
    constant(bias),
    scratch(0),
    // A single channel of a per-channel layer is a layer with one set of constants.
    ...requantizer({ ...r, channels }),
  ];
}

/** The sum of a row's weights. */
export function rowSum({ weights, depth }: DenseLayer, unit: number): number {
  return weights.subarray(unit * depth, (unit + 1) * depth).reduce((sum, weight) => sum + weight, 0);
}

/**
 * Ranges of units whose weights fit one segment of the pack.
 * @param unitBytes bytes that the weights of a unit take
 * @param multiple ranges begin at multiples of this
 */
export function parts(
  node: Node,
  layer: Pick<DenseLayer, "depth" | "units">,
  unitBytes = layer.depth,
  multiple = 1,
): { from: number; to: number }[] {
  const { units } = layer;
  const most = Math.floor(GREATEST_WEIGHT_BYTES / unitBytes / multiple) * multiple;
  if (most < 1) throw modelTooBig(`${node.label} has ${layer.depth} weights per output`);
  const size = Math.min(most, Math.ceil(units / Math.ceil(units / most) / multiple) * multiple);
  const list = [];
  for (let from = 0; from < units; from += size) list.push({ from, to: Math.min(units, from + size) });
  return list;
}

/** A constant's bytes as int8. */
export function int8View(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A constant's bytes as int32, little-endian, wherever they lie in the file. */
export function int32Copy(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(i * 4, true));
}

/** Biases of a layer; zeros where it has none. */
export function biases(node: Node, position: number, units: number): Int32Array {
  if (node.optionalInput(position) === undefined) return new Int32Array(units);
  const bias = int32Copy(node.constantInput(position, "int32"));
  if (bias.length !== units) node.refuse(`it has ${bias.length} biases for ${units} outputs`);
  return bias;
}
