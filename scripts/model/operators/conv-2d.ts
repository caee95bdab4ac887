import { biases, denseLayer, int8View, layerFactors } from "../dense-layer.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { emitConv } from "../conv-emission.js";
import { activationRange, int8Quantization } from "../quantization.js";
import { windowGeometry } from "../window-geometry.js";

/** CONV_2D: tensorflow/lite/kernels/internal/reference/integer_ops/conv.h. */
export const lowerConv2d: OperatorLowering = {
  name: "CONV_2D",
  version: 8,
  lower(node: Node): void {
    const input = node.input(0);
    const weights = node.input(1);
    const output = node.output();
    const { options } = node.operator;
    const data = int8View(node.constantInput(1, "int8"));
    const [units, height, width, channels] = weights.shape;
    if (weights.shape.length !== 4) return node.refuse("its weights are not 4-D");
    const geometry = windowGeometry(node, input, output, {
      padding: options?.int8(0, 0) ?? 0,
      strideX: options?.int32(1, 0) ?? 0,
      strideY: options?.int32(2, 0) ?? 0,
      dilationX: options?.int32(4, 1) ?? 1,
      dilationY: options?.int32(5, 1) ?? 1,
      height: height!,
      width: width!,
    });
    if (channels !== geometry.channels) node.refuse(`its weights have ${channels} channels: groups are not supported`);
    if (output.shape[3] !== units) node.refuse(`its output has ${output.shape[3]} channels instead of ${units}`);
    const from = int8Quantization(node, input);
    const to = int8Quantization(node, output);
    const layer = denseLayer(node, data, units!, biases(node, 2, units!), from.zeroPoint);
    const requantization = node.lowering.requantization({
      factors: layerFactors(node, weights, to, units!, (scale) => from.scale * scale),
      ranges: layer.ranges,
      zeroPoint: to.zeroPoint,
      ...activationRange(node, options?.int8(3, 0) ?? 0, to),
    });
    emitConv(node, input, output, geometry, from.zeroPoint, layer, requantization);
  },
};
