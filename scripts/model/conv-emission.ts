import { lanes } from "../../lib/nn/dense-rows.js";
import { denseRows, parts, type DenseLayer } from "./dense-layer.js";
import type { Node } from "./lowering.js";
import { emitNativeConv } from "./native/conv-2d.js";
import { at, int, ints, scratch } from "./parameters.js";
import type { Requantization } from "./requantize/requantization.js";
import type { TfliteTensor } from "./tflite/tflite-model.js";
import { isDirect, windowParameters, type WindowGeometry } from "./window-geometry.js";

/** Emits a convolution whose weights are rows of [height, width, input channel], in the form that suits the backend. */
export function emitConv(
  node: Node,
  input: TfliteTensor,
  output: TfliteTensor,
  geometry: WindowGeometry,
  zeroPoint: number,
  layer: DenseLayer,
  requantization: Requantization,
): void {
  if (emitNativeConv({ node, input, output, geometry, zeroPoint, layer, requantization })) return;
  const source = node.lowering.value(input);
  const target = node.lowering.value(output);
  const direct = isDirect(geometry);
  const pixels = geometry.outHeight * geometry.outWidth;
  for (const part of parts(node, layer)) {
    const count = part.to - part.from;
    const sums = lanes(count) * 4;
    node.emit({
      kernel: "CONV_2D",
      reads: [source],
      writes: [target],
      parameters: [
        ...windowParameters(geometry),
        ...ints(zeroPoint, layer.units),
        ...denseRows(layer, requantization, part.from, part.to),
        ...(direct ? [int(1)] : [int(0), scratch(sums)]),
        at(source),
        at(target, part.from),
      ],
      scratchBytes: sums + (direct ? 0 : layer.depth),
      macs: pixels * count * layer.depth,
      outputs: pixels * count,
    });
  }
}
