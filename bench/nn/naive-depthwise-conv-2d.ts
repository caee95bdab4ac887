import { lanes } from "../../lib/nn/dense-rows.js";
import type { OperatorContext } from "../../lib/nn/operator-context.js";
import type { Kernel, Operator } from "../../lib/nn/operator.js";
import { readRequantizer } from "../../lib/nn/requantizer.js";
import { readWindow } from "../../lib/nn/window.js";
import { naiveConvolution } from "./naive-window.js";

/** DEPTHWISE_CONV_2D as the reference kernels have it, from a pack whose channels all keep the exact integer form. */
export const naiveDepthwiseConv2d: Operator = {
  code: 3,
  prepare(context: OperatorContext): Kernel {
    const w = readWindow(context);
    const zeroPoint = context.int();
    const units = w.channels;
    const padded = lanes(units);
    const weights = context.int8(w.height * w.width * padded);
    const biases = context.int32(padded);
    context.accumulators(padded);
    const requantizer = readRequantizer(context, units);
    const input = context.arena(w.inHeight * w.inWidth * units);
    const output = context.arena(w.outHeight * w.outWidth * units);
    const layer = { w, zeroPoint, units, depth: 1, biases, requantizer, input, output, stride: units };
    return naiveConvolution(layer, weights, true, padded);
  },
};
