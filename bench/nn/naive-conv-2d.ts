import { readDenseRows } from "../../lib/nn/dense-rows.js";
import type { OperatorContext } from "../../lib/nn/operator-context.js";
import type { Kernel, Operator } from "../../lib/nn/operator.js";
import { readWindow } from "../../lib/nn/window.js";
import { naiveConvolution } from "./naive-window.js";

/** CONV_2D as the reference kernels have it, from a pack whose channels all keep the exact integer form. */
export const naiveConv2d: Operator = {
  code: 2,
  prepare(context: OperatorContext): Kernel {
    const w = readWindow(context);
    const zeroPoint = context.int();
    const stride = context.size();
    const depth = w.height * w.width * w.channels;
    const dense = readDenseRows(context, depth);
    const { units, weights, requantizer } = dense;
    if (!context.int()) context.scratch(depth);
    const input = context.arena(w.inHeight * w.inWidth * w.channels);
    const output = context.arena((w.outHeight * w.outWidth - 1) * stride + units);
    // Biases as the model has them: without what the inputs are counted from.
    const biases = new Int32Array(units);
    for (let unit = 0; unit < units; unit++) {
      let total = 0;
      for (let i = unit * depth; i < (unit + 1) * depth; i++) total += weights[i]!;
      biases[unit] = dense.bias[unit]! + (zeroPoint + 128) * total;
    }
    const layer = { w, zeroPoint, units, depth: w.channels, biases, requantizer, input, output, stride };
    return naiveConvolution(layer, weights, false, 0);
  },
};
