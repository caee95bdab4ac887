import { lanes } from "../../../lib/nn/dense-rows.js";
import { operand } from "../broadcast.js";
import { biases, denseLayer, GREATEST_WEIGHT_BYTES, int8View, layerFactors, rowSum } from "../dense-layer.js";
import type { Node, OperatorLowering } from "../lowering.js";
import { emitConv } from "../conv-emission.js";
import type { ConvRequest } from "../native/conv-2d.js";
import { emitNativeDepthwise } from "../native/depthwise-conv-2d.js";
import { at, constant, ints, requantizer, scratch } from "../parameters.js";
import { activationRange, int8Quantization } from "../quantization.js";
import { windowGeometry, windowParameters } from "../window-geometry.js";

/** DEPTHWISE_CONV_2D: tensorflow/lite/kernels/internal/reference/integer_ops/depthwise_conv.h. */
export const lowerDepthwiseConv2d: OperatorLowering = {
  name: "DEPTHWISE_CONV_2D",
  version: 7,
  lower(node: Node): void {
    const input = node.input(0);
    const weights = node.input(1);
    const output = node.output();
    const { options } = node.operator;
    const data = int8View(node.constantInput(1, "int8"));
    const [one, height, width, units] = weights.shape;
    if (weights.shape.length !== 4 || one !== 1) return node.refuse("its weights are not of shape [1, h, w, channels]");
    const geometry = windowGeometry(node, input, output, {
      padding: options?.int8(0, 0) ?? 0,
      strideX: options?.int32(1, 0) ?? 0,
      strideY: options?.int32(2, 0) ?? 0,
      dilationX: options?.int32(5, 1) ?? 1,
      dilationY: options?.int32(6, 1) ?? 1,
      height: height!,
      width: width!,
    });
    // The multiplier in the options is what the channels say, or wrong.
    const multiplier = units! / geometry.channels;
    if (!Number.isInteger(multiplier) || output.shape[3] !== units) {
      node.refuse(`${geometry.channels} channels cannot become ${output.shape[3]} with weights for ${units}`);
    }
    if (data.length > GREATEST_WEIGHT_BYTES)
      node.refuse(`its ${data.length} weights are more than ${GREATEST_WEIGHT_BYTES}`);
    const from = int8Quantization(node, input);
    const to = int8Quantization(node, output);
    const taps = height! * width!;
    const rows = transpose(data, taps, units!);
    const layer = denseLayer(node, rows, units!, biases(node, 2, units!), from.zeroPoint);
    const requantization = node.lowering.requantization({
      factors: layerFactors(node, weights, to, units!, (scale) => from.scale * scale),
      ranges: layer.ranges,
      zeroPoint: to.zeroPoint,
      ...activationRange(node, options?.int8(4, 0) ?? 0, to),
    });
    // Kernels of one channel are those of a plain convolution, which shares its inputs between them.
    if (geometry.channels === 1) {
      emitConv(node, input, output, geometry, from.zeroPoint, layer, requantization);
      return;
    }
    const request = { node, input, output, geometry, zeroPoint: from.zeroPoint, layer, requantization };
    if (!emitNativeDepthwise(request)) emitDepthwise(request);
  },
};

/** Emits the loops form, which has one kernel for each channel: channels with several are repeated first. */
function emitDepthwise({ node, input, output, geometry, zeroPoint, layer, requantization }: ConvRequest): void {
  const { units, depth: taps } = layer;
  const { channels, inHeight, inWidth, outHeight, outWidth } = geometry;
  const pixels = inHeight * inWidth;
  const multiplier = units / channels;
  const source =
    multiplier === 1
      ? node.lowering.value(input)
      : operand(node, { ...input, shape: [pixels, channels, 1] }, [pixels, channels, multiplier]);
  const target = node.lowering.value(output);
  const outputs = outHeight * outWidth * units;
  const padded = lanes(units);
  const weights = new Int8Array(taps * padded);
  layer.weights.forEach((weight, i) => (weights[(i % taps) * padded + Math.floor(i / taps)] = weight));
  const bias = new Int32Array(padded);
  // The device leaves out what lies outside the image, so inputs count from the zero point.
  for (let unit = 0; unit < units; unit++) bias[unit] = layer.bias[unit]! + zeroPoint * rowSum(layer, unit);
  node.emit({
    kernel: "DEPTHWISE_CONV_2D",
    reads: [source],
    writes: [target],
    parameters: [
      ...windowParameters({ ...geometry, channels: units }),
      ...ints(zeroPoint),
      constant(weights),
      constant(bias),
      scratch(0),
      ...requantizer(requantization),
      at(source),
      at(target),
    ],
    scratchBytes: padded * 4,
    macs: outputs * taps,
    outputs,
  });
}

/** [taps, units] as [units, taps]: one kernel after another. */
function transpose(data: Int8Array, taps: number, units: number): Int8Array {
  return Int8Array.from({ length: taps * units }, (_, i) => data[(i % taps) * units + Math.floor(i / taps)]!);
}
