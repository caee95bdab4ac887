import type { Parameter } from "../lowered.js";
import type { Emission } from "../lowering.js";
import { GREATEST_WEIGHT_BYTES } from "../dense-layer.js";
import { at, constant, int, ints, scratch } from "../parameters.js";
import { windowParameters } from "../window-geometry.js";
import type { ConvRequest } from "./conv-2d.js";
import { NARROW, SINGLE, type Lane, type SumForm } from "./affine-steps.js";
import { FAST_WINDOWS, GREATEST_OFFSET, LEAN_OUTPUTS } from "./limits.js";
import { plainNumbers } from "./list-vars.js";
import {
  greatestSum,
  leanRequantizer,
  nativeRequantizer,
  packedRow,
  pairSteps,
  pixelGroup,
  type Slot,
} from "./native-requantizer.js";
import { chooseOutRows, kernelSpan, spannedKernels, stripRows, stripWidth } from "./strip.js";

/** A kernel padded with more zeros than this for each weight is dearer than a loop. */
const GREATEST_SPREAD = 16;

/** Emits a native form of a depthwise convolution; false where the backend has none or the layer does not fit any. */
export function emitNativeDepthwise(request: ConvRequest): boolean {
  const { geometry, layer } = request;
  const { backend, plan, packed } = request.node.lowering.options;
  if (backend !== "espruino" || kernelSpan(geometry) > GREATEST_SPREAD * layer.depth) return false;
  if (kernelSpan(geometry) * layer.units > GREATEST_WEIGHT_BYTES) return false;
  if (Math.max(request.input.elements, request.output.elements) > GREATEST_OFFSET) return false;
  const forms = plan === "fast" ? (packed ? [NARROW, SINGLE] : [SINGLE]) : [];
  return forms.some((form) => emitFast(request, form)) || emitLean(request);
}

/** The form without interpreted code per output: a number is the sum of a window, or of two neighbouring ones. */
function emitFast(request: ConvRequest, form: SumForm): boolean {
  const { node, geometry, layer, requantization } = request;
  const { units } = layer;
  const { channels, inWidth, padLeft, strideX, strideY, outWidth } = geometry;
  const width = stripWidth(geometry);
  const packed = form.lanes.length;
  const bound = Math.min(...form.lanes.map((lane) => lane.bound));
  if (packed > 1 && (outWidth < 2 || layer.ranges.some((_, unit) => greatestSum(layer, unit) >= bound))) return false;
  const perRow = Math.ceil(outWidth / packed);
  const columnsFor = (outRows: number): number => (outRows * perRow + 1) & -2;
  const places = (outRows: number): Record<"integers" | "rows" | "strip" | "plane" | "end", number> => {
    const integers = columnsFor(outRows) * 8;
    const rows = integers * 2;
    const strip = rows + columnsFor(outRows) * units * packed;
    const plane = strip + (stripRows(geometry, outRows) * inWidth + 1) * channels;
    return { integers, rows, strip, plane, end: plane + stripRows(geometry, outRows) * width };
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
  const kernels = kernelRows(request, packed);
  const pairs = layer.ranges.map((_, unit): [Slot, Slot] => {
    const slot = (lane: Lane): Slot => ({ unit, lane, bias: layer.bias[unit]! });
    return [slot(form.lanes[0]!), slot(form.lanes.at(-1)!)];
  });
  const steps = pairSteps(layer, requantization, pairs);
  if (kernels === undefined || steps === undefined) return false;
  const starts = Array.from({ length: columns }, (_, i) => {
    const y = Math.floor(i / perRow);
    return y < outRows ? y * strideY * width + (i % perRow) * packed * strideX : 0;
  });
  const height = stripRows(geometry, outRows);
  const group = pixelGroup(units, outWidth);
  const element = (y: number, x: number): number => {
    const inside = x >= padLeft && x < padLeft + inWidth;
    return (inside ? y * inWidth + x - padLeft : height * inWidth) * channels;
  };
  emit(
    request,
    "DEPTHWISE_CONV_2D_NATIVE",
    [
      ...ints(units / channels, outRows, height, width, packed, columns, kernelSpan(geometry) + (packed - 1) * strideX),
      kernels,
      constant(Uint16Array.from({ length: height * width }, (_, i) => element(Math.floor(i / width), i % width))),
      constant(Uint16Array.from(starts)),
      int(group),
      constant(
        Uint16Array.from({ length: group * units }, (_, i) => (i % units) * packed * columns + Math.floor(i / units)),
      ),
      ...nativeRequantizer(steps, requantization, form, scratchAt.integers, scratchAt.rows),
      scratch(scratchAt.strip),
      scratch(scratchAt.plane),
      scratch(0),
    ],
    { scratchBytes: scratchAt.end, passingVars: plainNumbers(columns * packed) },
  );
  return true;
}

/** The form with one statement per output, which needs no memory but for one channel of a few rows. */
function emitLean(request: ConvRequest): boolean {
  const { node, geometry, layer, requantization } = request;
  const width = stripWidth(geometry);
  const bytesFor = (outRows: number): number => stripRows(geometry, outRows) * width;
  const outRows = chooseOutRows(geometry, node.lowering.options.scratchBudget, LEAN_OUTPUTS, bytesFor);
  const requantizer = leanRequantizer(layer, requantization, 0, layer.units);
  const kernels = kernelRows(request, 1);
  if (requantizer === undefined || kernels === undefined || bytesFor(outRows) > GREATEST_OFFSET) return false;
  emit(
    request,
    "DEPTHWISE_CONV_2D_LEAN",
    [
      ...ints(layer.units / geometry.channels, outRows, stripRows(geometry, outRows), width, kernelSpan(geometry)),
      kernels,
      ...requantizer,
      scratch(0),
    ],
    { scratchBytes: bytesFor(outRows) },
  );
  return true;
}

function emit(
  request: ConvRequest,
  kernel: string,
  parameters: readonly Parameter[],
  memory: Pick<Emission, "scratchBytes" | "passingVars">,
): void {
  const { node, input, output, geometry, zeroPoint, layer } = request;
  const source = node.lowering.value(input);
  const target = node.lowering.value(output);
  const outputs = geometry.outHeight * geometry.outWidth * layer.units;
  node.emit({
    kernel,
    reads: [source],
    writes: [target],
    parameters: [...windowParameters(geometry), ...ints(zeroPoint), ...parameters, at(source), at(target)],
    ...memory,
    macs: outputs * layer.depth,
    outputs,
  });
}

/** Kernels padded to their span; in two lanes, each with itself one window further. */
function kernelRows({ geometry, layer }: ConvRequest, lanes: number): Parameter | undefined {
  const kernels = spannedKernels(geometry, layer.weights, layer.units);
  const span = kernelSpan(geometry);
  if (lanes === 1) return constant(Int8Array.from(kernels.flatMap((kernel) => [...kernel])));
  const rows = new Int32Array(layer.units * (span + geometry.strideX));
  for (const [unit, kernel] of kernels.entries()) {
    const gap = new Array<number>(geometry.strideX).fill(0);
    const row = packedRow([...kernel, ...gap], [...gap, ...kernel]);
    if (row === undefined) return undefined;
    rows.set(row, unit * row.length);
  }
  return rows.byteLength > GREATEST_WEIGHT_BYTES ? undefined : constant(rows);
}
