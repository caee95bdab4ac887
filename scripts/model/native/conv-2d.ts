import { parts, type DenseLayer } from "../dense-layer.js";
import type { Parameter } from "../lowered.js";
import type { Emission, Node } from "../lowering.js";
import { at, constant, int, ints, scratch } from "../parameters.js";
import type { Requantization } from "../requantize/requantization.js";
import type { TfliteTensor } from "../tflite/tflite-model.js";
import { isDirect, windowParameters, type WindowGeometry } from "../window-geometry.js";
import { NARROW, SINGLE, WIDE, type SumForm } from "./affine-steps.js";
import { FAST_WINDOWS, GREATEST_OFFSET, LEAN_WINDOWS } from "./limits.js";
import { listedViews, plainNumbers } from "./list-vars.js";
import {
  greatestSum,
  leanRequantizer,
  nativeRequantizer,
  packedRow,
  pairSteps,
  pixelGroup,
  unpackMatrices,
  type Slot,
} from "./native-requantizer.js";
import { chooseOutRows, stripRows, stripWidth } from "./strip.js";

/** Calls for a whole row of windows are dearer than a few statements for each. */
const FEWEST_WINDOWS = 8;

/** A convolution to be emitted in a native form. */
export interface ConvRequest {
  readonly node: Node;
  readonly input: TfliteTensor;
  readonly output: TfliteTensor;
  readonly geometry: WindowGeometry;
  readonly zeroPoint: number;
  readonly layer: DenseLayer;
  readonly requantization: Requantization;
}

/** Emits a native form of a convolution; false where the backend has none or the layer does not fit any. */
export function emitNativeConv(request: ConvRequest): boolean {
  const { backend, plan, packed } = request.node.lowering.options;
  if (backend !== "espruino") return false;
  if (Math.max(request.input.elements, request.output.elements) > GREATEST_OFFSET) return false;
  const fast = plan === "fast" && request.geometry.outHeight * request.geometry.outWidth >= FEWEST_WINDOWS;
  const forms = fast ? (packed ? [NARROW, WIDE, SINGLE] : [SINGLE]) : [];
  return forms.some((form) => emitFast(request, form)) || emitLean(request);
}

/** The form without interpreted code per output, with sums stored in a form; false where that does not fit. */
function emitFast(request: ConvRequest, form: SumForm): boolean {
  const { node, geometry, layer, requantization } = request;
  const lanes = form.lanes.length;
  const direct = isDirect(geometry);
  const list = parts(node, layer, layer.depth * lanes);
  const rowsOf = (count: number): number => Math.ceil(count / lanes);
  const most = Math.max(...list.map(({ from, to }) => rowsOf(to - from) * lanes));
  const columnsFor = (outRows: number): number => (outRows * geometry.outWidth + 1) & -2;
  const places = (outRows: number): Record<"rows" | "windows" | "strip" | "end", number> => {
    const columns = columnsFor(outRows);
    const windows = columns * (8 + most);
    const strip = windows + (direct ? 0 : columns * layer.depth);
    const stripBytes = stripRows(geometry, outRows) * stripWidth(geometry) * geometry.channels;
    return { rows: columns * 8, windows, strip, end: strip + (direct ? 0 : stripBytes) };
  };
  const outRows = chooseOutRows(
    geometry,
    node.lowering.options.scratchBudget,
    FAST_WINDOWS,
    (rows) => places(rows).end,
  );
  const columns = columnsFor(outRows);
  const scratchAt = places(outRows);
  if (scratchAt.end > GREATEST_OFFSET) return false;
  const emissions = list.map(({ from, to }) => {
    const count = to - from;
    const rows = rowsOf(count);
    const order = laneOrder(layer, from, to, form);
    if (order === undefined) return undefined;
    const weights = weightRows(layer, order, lanes);
    const steps = pairSteps(layer, requantization, rowPairs(layer, order, form));
    if (weights === undefined || steps === undefined) return undefined;
    // Parts of a layer write a pixel at a time: their outputs do not touch.
    const group = count < layer.units ? 1 : pixelGroup(count, columns);
    const step = form === NARROW ? 2 : 1;
    const places = Array.from({ length: count }, (_, i) => {
      const slot = order.indexOf(from + i);
      const [row, lane] = [Math.floor(slot / lanes), slot % lanes];
      return form === NARROW ? row * 2 * columns + lane : slot * columns;
    });
    return [
      ...ints(layer.units, count, layer.depth, outRows, columns, form.code, rows),
      weights,
      int(group),
      constant(
        Uint16Array.from({ length: group * count }, (_, i) => places[i % count]! + Math.floor(i / count) * step),
      ),
      int(step),
      ...nativeRequantizer(steps, requantization, form === NARROW ? NARROW : SINGLE, 0, scratchAt.rows),
      ...(form === WIDE ? unpackMatrices(form) : []),
      ...(direct
        ? ints(0, 0)
        : [
            ...ints(stripRows(geometry, outRows), stripWidth(geometry)),
            scratch(scratchAt.strip),
            constant(windowTaps(geometry)),
            scratch(scratchAt.windows),
          ]),
    ];
  });
  if (!emissions.every((parameters) => parameters !== undefined)) return false;
  const passingVars = listedViews(columns) + plainNumbers(columns * (form === NARROW ? 3 : 2));
  list.forEach((part, i) => {
    emit(request, "CONV_2D_NATIVE", emissions[i]!, part, { scratchBytes: scratchAt.end, passingVars });
  });
  return true;
}

/**
 * Units [from, to) by slot: lane 0 of row 0, lane 1 of row 0, and so on. The greatest sums go to the first lane, which
 * has more room; undefined where they do not fit. A slot beyond the last unit is -1.
 */
function laneOrder(layer: DenseLayer, from: number, to: number, { lanes }: SumForm): number[] | undefined {
  const rows = Math.ceil((to - from) / lanes.length);
  const bySum = Array.from({ length: to - from }, (_, i) => from + i).sort(
    (a, b) => greatestSum(layer, b) - greatestSum(layer, a),
  );
  const order = Array.from({ length: rows * lanes.length }, (_, slot) => {
    return bySum[Math.floor(slot / lanes.length) + (slot % lanes.length) * rows] ?? -1;
  });
  const fits = order.every((unit, slot) => unit < 0 || greatestSum(layer, unit) < lanes[slot % lanes.length]!.bound);
  return fits ? order : undefined;
}

/** What the numbers of each row stand for, by pairs: both lanes in turn, or pixels of one channel. */
function rowPairs(layer: DenseLayer, order: readonly number[], form: SumForm): [Slot, Slot][] {
  const slots = order.map((unit, slot): Slot => {
    const lane = form.lanes[slot % form.lanes.length]!;
    return unit < 0 ? { unit: undefined, lane, bias: 0 } : { unit, lane, bias: layer.bias[unit]! };
  });
  if (form !== NARROW) return slots.map((slot) => [slot, slot]);
  return Array.from({ length: slots.length / 2 }, (_, row) => [slots[row * 2]!, slots[row * 2 + 1]!]);
}

/** Positions of a window's elements in a strip of the image. */
function windowTaps(w: WindowGeometry): Uint16Array {
  return Uint16Array.from({ length: w.height * w.width * w.channels }, (_, i) => {
    const pixel = Math.floor(i / w.channels);
    const y = Math.floor(pixel / w.width) * w.dilationY;
    return (y * stripWidth(w) + (pixel % w.width) * w.dilationX) * w.channels + (i % w.channels);
  });
}

/** The form with one statement per output, which needs no memory but for copies of windows. */
function emitLean(request: ConvRequest): boolean {
  const { node, geometry, layer, requantization } = request;
  const direct = isDirect(geometry);
  const columns = leanWindows(request);
  const list = parts(node, layer);
  const emissions = list.map(({ from, to }) => {
    const requantizer = leanRequantizer(layer, requantization, from, to);
    return (
      requantizer && [
        ...ints(layer.units, to - from, layer.depth, columns),
        constant(layer.weights.slice(from * layer.depth, to * layer.depth)),
        ...requantizer,
        ...ints(direct ? 1 : 0),
        ...(direct ? [] : [scratch(0)]),
      ]
    );
  });
  if (!emissions.every((parameters) => parameters !== undefined)) return false;
  const memory = { scratchBytes: direct ? 0 : columns * layer.depth, passingVars: listedViews(columns) };
  list.forEach((part, i) => emit(request, "CONV_2D_LEAN", emissions[i]!, part, memory));
  return true;
}

function leanWindows({ node, geometry, layer }: ConvRequest): number {
  const { scratchBudget } = node.lowering.options;
  const all = geometry.outHeight * geometry.outWidth;
  const room = isDirect(geometry) ? LEAN_WINDOWS : Math.floor(scratchBudget / layer.depth);
  const most = Math.max(1, Math.min(LEAN_WINDOWS, room));
  return Math.ceil(all / Math.ceil(all / most));
}

function emit(
  { node, input, output, geometry, zeroPoint, layer }: ConvRequest,
  kernel: string,
  parameters: readonly Parameter[],
  { from, to }: { from: number; to: number },
  memory: Pick<Emission, "scratchBytes" | "passingVars">,
): void {
  const source = node.lowering.value(input);
  const target = node.lowering.value(output);
  const outputs = geometry.outHeight * geometry.outWidth * (to - from);
  node.emit({
    kernel,
    reads: [source],
    writes: [target],
    parameters: [...windowParameters(geometry), ...ints(zeroPoint), ...parameters, at(source), at(target, from)],
    ...memory,
    macs: outputs * layer.depth,
    outputs,
  });
}

/** The weights of units, `lanes` in a row; undefined where they do not fit. */
function weightRows({ depth, weights }: DenseLayer, order: readonly number[], lanes: number): Parameter | undefined {
  const rows = order.map((unit) => (unit < 0 ? [] : weights.subarray(unit * depth, (unit + 1) * depth)));
  if (lanes === 1) return constant(Int8Array.from(rows.flatMap((row) => [...row])));
  const packed = Array.from({ length: rows.length / 2 }, (_, i) => packedRow(rows[i * 2]!, rows[i * 2 + 1]!));
  if (!packed.every((row) => row !== undefined)) return undefined;
  return constant(Int32Array.from(packed.flatMap((row) => [...row])));
}
