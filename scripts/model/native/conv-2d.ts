import { parts, type DenseLayer } from "../dense-layer.js";
import type { Node } from "../lowering.js";
import { at, constant, ints, scratch } from "../parameters.js";
import type { Requantization } from "../requantize/requantization.js";
import type { TfliteTensor } from "../tflite/tflite-model.js";
import { windowParameters, type WindowGeometry } from "../window-geometry.js";
import { allFitted, nativeRequantizer } from "./native-requantizer.js";
import { chooseOutRows, stripColumns, stripRows, stripWidth } from "./strip.js";

/** Views and table entries beyond this do not fit 16 bits. */
const GREATEST_OFFSET = 65535;

/** Emits the native form of a convolution; false where the backend has none or the layer does not fit it. */
export function emitNativeConv(
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
  const { channels, inWidth, height, width, dilationX, dilationY, outHeight, outWidth } = geometry;
  const direct = height * width === 1 && geometry.padTop === 0 && geometry.padLeft === 0;
  const units = Math.max(...parts(node, layer).map(({ from, to }) => to - from));
  const sizes = (outRows: number): { columns: number; windows: number; rows: number; strip: number } => {
    const columns = stripColumns(geometry, outRows);
    const strip = direct ? 0 : stripWidth(geometry) * stripRows(geometry, outRows) * channels;
    return { columns, windows: columns * layer.depth, rows: columns * units, strip };
  };
  const bytesFor = (outRows: number): number => {
    const { columns, windows, rows, strip } = sizes(outRows);
    return columns * 4 + windows + rows + strip;
  };
  const outRows = chooseOutRows(geometry, Math.max(scratchBudget, bytesFor(1)), bytesFor);
  const { columns, windows, rows, strip } = sizes(outRows);
  const lineStep = (direct ? inWidth : stripWidth(geometry)) * channels;
  if (bytesFor(outRows) > GREATEST_OFFSET || units * columns > GREATEST_OFFSET) return false;
  if (input.elements > GREATEST_OFFSET || output.elements > GREATEST_OFFSET) return false;
  const taps = Array.from({ length: layer.depth }, (_, i) => {
    const channel = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    return y * dilationY * lineStep + x * dilationX * channels + channel;
  });
  const source = node.lowering.value(input);
  const target = node.lowering.value(output);
  for (const { from, to } of parts(node, layer)) {
    const count = to - from;
    node.emit({
      kernel: "CONV_2D_NATIVE",
      reads: [source],
      writes: [target],
      parameters: [
        ...windowParameters(geometry),
        ...ints(zeroPoint, outRows, layer.units, count, layer.depth),
        constant(layer.weights.slice(from * layer.depth, to * layer.depth)),
        constant(Uint16Array.from([...taps, ...taps])),
        constant(Uint16Array.from({ length: count }, (_, unit) => unit * columns)),
        ...nativeRequantizer(layer, requantization, from, to, columns * 4, 0),
        scratch(columns * 4 + rows),
        ...ints(direct ? 1 : 0),
        ...(direct ? [] : [scratch(columns * 4 + rows + windows)]),
        at(source),
        at(target, from),
      ],
      scratchBytes: columns * 4 + rows + windows + strip,
      macs: outHeight * outWidth * count * layer.depth,
      outputs: outHeight * outWidth * count,
    });
  }
  return true;
}
