import type { DenseLayer } from "../dense-layer.js";
import type { Node } from "../lowering.js";
import { at, constant, ints, scratch } from "../parameters.js";
import type { Requantization } from "../requantize/requantization.js";
import type { TfliteTensor } from "../tflite/tflite-model.js";
import { windowParameters, type WindowGeometry } from "../window-geometry.js";
import { allFitted, nativeRequantizer } from "./native-requantizer.js";
import { chooseOutRows, stripColumns, stripRows, stripWidth } from "./strip.js";

const GREATEST_OFFSET = 65535;
/** A kernel padded with more zeros than this for each weight is dearer than a loop. */
const GREATEST_SPREAD = 16;

/** Emits the native form of a depthwise convolution; false where the backend has none or the layer does not fit it. */
export function emitNativeDepthwise(
  node: Node,
  input: TfliteTensor,
  output: TfliteTensor,
  geometry: WindowGeometry,
  zeroPoint: number,
  layer: DenseLayer,
  requantization: Requantization,
): boolean {
  const { backend, scratchBudget } = node.lowering.options;
  if (backend !== "espruino" || !allFitted(requantization)) return false;
  const { units } = layer;
  const { channels, height, width, dilationX, dilationY, strideX, strideY, outHeight, outWidth } = geometry;
  const lineWidth = stripWidth(geometry);
  const span = (height - 1) * dilationY * lineWidth + (width - 1) * dilationX + 1;
  const bytesFor = (outRows: number): number => {
    const columns = stripColumns(geometry, outRows);
    return columns * 4 + columns * units + stripRows(geometry, outRows) * lineWidth * (channels + 1);
  };
  const outRows = chooseOutRows(geometry, Math.max(scratchBudget, bytesFor(1)), bytesFor);
  const columns = stripColumns(geometry, outRows);
  const plane = stripRows(geometry, outRows) * lineWidth;
  if (bytesFor(outRows) > GREATEST_OFFSET || plane * channels > GREATEST_OFFSET) return false;
  if (input.elements > GREATEST_OFFSET || output.elements > GREATEST_OFFSET) return false;
  if (span > GREATEST_SPREAD * height * width || units * span > GREATEST_OFFSET) return false;
  const kernels = new Int8Array(units * span);
  layer.weights.forEach((weight, i) => {
    const unit = Math.floor(i / layer.depth);
    const y = Math.floor((i % layer.depth) / width);
    const x = i % width;
    kernels[unit * span + y * dilationY * lineWidth + x * dilationX] = weight;
  });
  const starts = Array.from({ length: columns }, (_, i) => {
    const y = Math.floor(i / outWidth);
    return i < outRows * outWidth ? y * strideY * lineWidth + (i % outWidth) * strideX : 0;
  });
  const source = node.lowering.value(input);
  const target = node.lowering.value(output);
  const rowsAt = columns * 4;
  const stripAt = rowsAt + columns * units;
  node.emit({
    kernel: "DEPTHWISE_CONV_2D_NATIVE",
    reads: [source],
    writes: [target],
    parameters: [
      ...windowParameters(geometry),
      ...ints(zeroPoint, units / channels, outRows, span),
      constant(kernels),
      constant(Uint16Array.from({ length: plane }, (_, i) => i * channels)),
      constant(Uint16Array.from(starts)),
      constant(Uint16Array.from({ length: units }, (_, unit) => unit * columns)),
      ...nativeRequantizer(layer, requantization, 0, units, rowsAt, 0),
      scratch(stripAt),
      scratch(stripAt + plane * channels),
      at(source),
      at(target),
    ],
    scratchBytes: stripAt + plane * (channels + 1),
    macs: outHeight * outWidth * units * layer.depth,
    outputs: outHeight * outWidth * units,
  });
  return true;
}
