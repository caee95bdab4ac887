import { lanes } from "../../../lib/nn/dense-rows.js";
import { biases, denseLayer, denseRows, int8View, layerFactors, parts } from "../dense-layer.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { emitNativeDense } from "../native/fully-connected.js";
import { emitConv } from "../conv-emission.js";
import { at, int } from "../parameters.js";
import type { WindowGeometry } from "../window-geometry.js";
import { activationRange, int8Quantization } from "../quantization.js";

/** FULLY_CONNECTED: tensorflow/lite/kernels/internal/reference/integer_ops/fully_connected.h. */
export const lowerFullyConnected: OperatorLowering = {
  name: "FULLY_CONNECTED",
  version: 12,
  lower(node: Node): void {
    const input = node.input(0);
    const weights = node.input(1);
    const output = node.output();
    const { options } = node.operator;
    const data = int8View(node.constantInput(1, "int8"));
    const [units, depth] = weights.shape;
    if (units === undefined || depth === undefined || weights.shape.length !== 2)
      return node.refuse("its weights are not 2-D");
    if ((options?.int8(1, 0) ?? 0) !== 0) node.refuse("its weights are shuffled");
    const batches = output.elements / units;
    if (input.elements !== batches * depth) {
      node.refuse(`shapes [${input.shape.join()}], [${weights.shape.join()}] and [${output.shape.join()}] do not fit`);
    }
    const from = int8Quantization(node, input);
    const to = int8Quantization(node, output);
    // The reference multiplies these two scales in single precision, unlike those of a per-channel layer.
    const perChannel = weights.scales.length > 1;
    const product = (scale: number): number => (perChannel ? from.scale * scale : Math.fround(from.scale * scale));
    const layer = denseLayer(node, data, units, biases(node, 2, units), from.zeroPoint);
    const requantization = node.lowering.requantization({
      factors: layerFactors(node, weights, to, units, product),
      ranges: layer.ranges,
      zeroPoint: to.zeroPoint,
      ...activationRange(node, options?.int8(0, 0) ?? 0, to),
    });
    if (batches === 1 && emitNativeDense({ node, input, output, layer, requantization })) return;
    if (batches > 1 || node.lowering.options.backend === "espruino") {
      emitConv(node, input, output, column(batches, depth), from.zeroPoint, layer, requantization);
      return;
    }
    const source = node.lowering.value(input);
    const target = node.lowering.value(output);
    for (const part of parts(node, layer)) {
      node.emit({
        kernel: "FULLY_CONNECTED",
        reads: [source],
        writes: [target],
        parameters: [
          int(depth),
          ...denseRows(layer, requantization, part.from, part.to),
          at(source),
          at(target, part.from),
        ],
        scratchBytes: lanes(part.to - part.from) * 4,
        macs: (part.to - part.from) * depth,
        outputs: part.to - part.from,
      });
    }
  },
};

/** Several inputs as an image of one column, whose windows are its pixels. */
function column(pixels: number, channels: number): WindowGeometry {
  return {
    inHeight: pixels,
    inWidth: 1,
    channels,
    outHeight: pixels,
    outWidth: 1,
    height: 1,
    width: 1,
    strideY: 1,
    strideX: 1,
    dilationY: 1,
    dilationX: 1,
    padTop: 0,
    padLeft: 0,
  };
}
