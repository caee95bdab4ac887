import type { Node, OperatorLowering } from "../lowering.js";
import { at, ints } from "../parameters.js";
import { activationRange, int8Quantization } from "../quantization.js";
import type { TfliteTensor } from "../tflite/tflite-model.js";
import { windowGeometry, windowParameters, type WindowGeometry } from "../window-geometry.js";
import { emitMean } from "./mean.js";

/** Pools keep scale and zero point. Source: tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h. */
function lowerPool(name: string): OperatorLowering {
  return {
    name,
    version: 3,
    lower(node: Node): void {
      const input = node.input(0);
      const output = node.output();
      const { options } = node.operator;
      const geometry = windowGeometry(node, input, output, {
        padding: options?.int8(0, 0) ?? 0,
        strideX: options?.int32(1, 0) ?? 0,
        strideY: options?.int32(2, 0) ?? 0,
        width: options?.int32(3, 0) ?? 0,
        height: options?.int32(4, 0) ?? 0,
        dilationX: 1,
        dilationY: 1,
      });
      if (output.shape[3] !== geometry.channels) node.refuse("its input and output differ in channels");
      const from = int8Quantization(node, input);
      const to = int8Quantization(node, output);
      if (from.scale !== to.scale || from.zeroPoint !== to.zeroPoint) node.refuse("it changes the scale");
      const { low, high } = activationRange(node, options?.int8(5, 0) ?? 0, to);
      if (name === "AVERAGE_POOL_2D" && emitWholeMean(node, input, output, geometry, low, high)) return;
      const source = node.lowering.value(input);
      const target = node.lowering.value(output);
      node.emit({
        kernel: name,
        reads: [source],
        writes: [target],
        parameters: [...windowParameters(geometry), ...ints(low, high), at(source), at(target)],
        outputs: output.elements,
      });
    },
  };
}

/** The mean of the whole image is a MEAN, whose divisor is folded into a fit; false where it is another pool. */
function emitWholeMean(
  node: Node,
  input: TfliteTensor,
  output: TfliteTensor,
  w: WindowGeometry,
  low: number,
  high: number,
): boolean {
  const { inHeight, inWidth, channels, padTop, padLeft } = w;
  const covers = w.height - padTop >= inHeight && w.width - padLeft >= inWidth;
  if (w.outHeight * w.outWidth !== 1 || !covers) return false;
  const count = inHeight * inWidth;
  const half = count >> 1;
  const requantization = node.lowering.requantization({
    factors: [1 / count],
    ranges: [{ least: -128 * count, greatest: 127 * count }],
    zeroPoint: 0,
    low,
    high,
    output: (sum) => Math.trunc((sum > 0 ? sum + half : sum - half) / count),
  });
  if (requantization.channels[0]!.fit === undefined) return false;
  emitMean(node, input, output, { outer: 1, reduced: count, inner: channels }, 0, requantization);
  return true;
}

export const lowerAveragePool2d = lowerPool("AVERAGE_POOL_2D");
export const lowerMaxPool2d = lowerPool("MAX_POOL_2D");
