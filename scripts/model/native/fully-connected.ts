import { parts, type DenseLayer } from "../dense-layer.js";
import type { Parameter } from "../lowered.js";
import type { Emission, Node } from "../lowering.js";
import { at, constant, ints, scratch } from "../parameters.js";
import type { Requantization } from "../requantize/requantization.js";
import type { TfliteTensor } from "../tflite/tflite-model.js";
import { LANE, NARROW, SINGLE, type SumForm } from "./affine-steps.js";
import { GREATEST_OFFSET } from "./limits.js";
import { listedViews, plainNumbers } from "./list-vars.js";
import { nativeRequantizer, packedRow, pairSteps, type Slot } from "./native-requantizer.js";

/** What the device puts behind the inputs: their products with the end of a row are the bias. */
const BIAS_PLACES = [16384, 128, 1];

/** A dense layer to be emitted in a native form. */
export interface DenseRequest {
  readonly node: Node;
  readonly input: TfliteTensor;
  readonly output: TfliteTensor;
  readonly layer: DenseLayer;
  readonly requantization: Requantization;
}

/** Units [from, to) in one form. */
interface Range {
  readonly form: SumForm;
  readonly from: number;
  readonly to: number;
}

/** Emits the native form of a dense layer whose outputs share one scale; false where the layer does not fit it. */
export function emitNativeDense(request: DenseRequest): boolean {
  const { node, input, output, layer, requantization } = request;
  const { backend, packed } = node.lowering.options;
  if (backend !== "espruino" || requantization.perChannel) return false;
  if (Math.max(input.elements, output.elements) > GREATEST_OFFSET) return false;
  const { units } = layer;
  const whole = [{ form: SINGLE, from: 0, to: units }];
  // The second of two units in a number has less room: the first unit alone makes the odd ones first.
  const pairs = [
    [{ form: NARROW, from: 0, to: units }],
    [
      { form: SINGLE, from: 0, to: 1 },
      { form: NARROW, from: 1, to: units },
    ],
  ];
  return [...(packed ? pairs : []), whole].some((ranges) => emitRanges(request, ranges));
}

function emitRanges(request: DenseRequest, ranges: readonly Range[]): boolean {
  const emissions = ranges.map((range) => emissionsOf(request, range));
  if (!emissions.every((list) => list !== undefined)) return false;
  for (const emission of emissions.flat()) request.node.emit(emission);
  return true;
}

function emissionsOf(request: DenseRequest, { form, from: first, to: last }: Range): Emission[] | undefined {
  const { node, input, output, layer, requantization } = request;
  const { plan, scratchBudget } = node.lowering.options;
  const lanes = form.lanes.length;
  const fits = layer.ranges.slice(first, last).every(({ least, greatest }, i) => {
    return Math.max(-least, greatest) < form.lanes[i % lanes]!.bound;
  });
  const slots = form.lanes.map((lane): Slot => ({ unit: 0, lane, bias: 0 }));
  const steps = fits ? pairSteps(layer, requantization, [[slots[0]!, slots.at(-1)!]]) : undefined;
  if (steps === undefined) return undefined;
  const length = layer.depth + BIAS_PLACES.length;
  const list = parts(node, { depth: layer.depth, units: last - first }, length * lanes, lanes);
  const emissions = list.map(({ from, to }): Emission | undefined => {
    const weights = weightRows(layer, first + from, first + to, lanes);
    if (weights === undefined) return undefined;
    const kept = plan === "fast";
    const [lists, columns] = rowsFor(to - from, lanes);
    const rows = lists * columns;
    const clampedAt = columns * 8;
    const inputsAt = (clampedAt + rows * lanes + 1) & -2;
    const scratchBytes = inputsAt + length * 2;
    if (!kept && scratchBytes > scratchBudget) return undefined;
    const source = node.lowering.value(input);
    const target = node.lowering.value(output);
    return {
      kernel: "FULLY_CONNECTED_NATIVE",
      reads: [source],
      writes: [target],
      parameters: [
        ...ints(layer.depth, to - from, lanes, lists, columns, Number(kept)),
        weights,
        scratch(inputsAt),
        ...nativeRequantizer(steps, requantization, form, 0, clampedAt),
        at(source),
        at(target, first + from),
      ],
      scratchBytes,
      keptVars: kept ? listedViews(rows) : 0,
      passingVars: plainNumbers(columns * (1 + lanes)) + (kept ? 0 : listedViews(columns)),
      macs: (to - from) * layer.depth,
      outputs: to - from,
    };
  });
  return emissions.every((emission) => emission !== undefined) ? emissions : undefined;
}

/** Rows in one list: the device walks a list from its head, and looks at the clock between two. */
const GREATEST_LIST = 64;

/** Lists of rows for some units, and rows in each: an even number, since affine maps work on pairs. */
function rowsFor(units: number, lanes: number): [lists: number, columns: number] {
  const rows = Math.ceil(units / lanes);
  const lists = Math.ceil(rows / GREATEST_LIST);
  return [lists, Math.ceil(rows / lists / 2) * 2];
}

/** Rows with the digits of their biases. */
function weightRows(layer: DenseLayer, from: number, to: number, lanes: number): Parameter | undefined {
  const [lists, columns] = rowsFor(to - from, lanes);
  const length = layer.depth + BIAS_PLACES.length;
  const all = lanes > 1 ? new Int32Array(lists * columns * length) : new Int8Array(lists * columns * length);
  for (let unit = from; unit < to; unit += lanes) {
    const units = [unit, unit + 1].slice(0, Math.min(lanes, to - unit));
    const [first, second = []] = units.map((u) => layer.weights.subarray(u * layer.depth, (u + 1) * layer.depth));
    const values = lanes > 1 ? packedRow(first!, second) : first!;
    const bias = units.reduce((sum, u, lane) => sum + layer.bias[u]! * LANE ** lane, 0);
    const digits = biasDigits(bias, lanes > 1 ? 2 ** 31 - 1 : 127);
    if (values === undefined || digits === undefined) return undefined;
    const row = ((unit - from) / lanes) * length;
    all.set(values, row);
    all.set(digits, row + layer.depth);
  }
  return constant(all);
}

/** Digits whose sum, each times its place, is the bias; undefined where one would be greater than `greatest`. */
function biasDigits(bias: number, greatest: number): number[] | undefined {
  let rest = bias;
  const digits = BIAS_PLACES.map((place) => {
    const digit = Math.round(rest / place);
    rest -= digit * place;
    return digit;
  });
  return digits.every((digit) => Math.abs(digit) <= greatest) ? digits : undefined;
}
