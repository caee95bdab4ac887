import { readDenseRows, runDenseRows } from "../dense-rows.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { gather, readWindow, windowKernel } from "../window.js";

/**
 * 2-D convolution: the image under the window, as one row of numbers, times the weight row of each output channel.
 * Outside the image lies the input's zero point, so that it can be folded into the bias. A 1×1 window without padding
 * needs no copy.
 * Parameters: window, zero point, output channels of the whole layer, dense rows, whether windows
 * are read in place, patch (scratch), input, output.
 */
export const conv2d: Operator = {
  code: 2,
  prepare(context: OperatorContext): Kernel {
    const w = readWindow(context);
    const zeroPoint = context.int();
    const stride = context.size();
    const depth = w.height * w.width * w.channels;
    const dense = readDenseRows(context, depth);
    const patch = context.int() ? undefined : context.scratch(depth);
    const input = context.arena(w.inHeight * w.inWidth * w.channels);
    const output = context.arena((w.outHeight * w.outWidth - 1) * stride + dense.units);

    return windowKernel(w, (top, left, pixel) => {
      if (patch) gather(w, input, top, left, patch, zeroPoint);
      const start = patch ? 0 : (top * w.inWidth + left) * depth;
      runDenseRows(dense, patch || input, start, output, pixel * stride, 0, dense.units);
    });
  },
};
