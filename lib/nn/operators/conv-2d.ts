import { readDenseRows, runDenseRows } from "../dense-rows.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { gather, readWindow } from "../window.js";

/**
 * 2-D convolution: the image under the window, as one row of numbers, times the weight row of each output channel.
 * Outside the image lies the input's zero point, so that it can be folded into the bias. A 1×1 window without padding
 * needs no copy.
 * Parameters: window, zero point, output channels of the whole layer, dense rows, patch (scratch), input, output.
 */
export const conv2d: Operator = {
  code: 2,
  prepare(context: OperatorContext): Kernel {
    const w = readWindow(context);
    const zeroPoint = context.int();
    const stride = context.size();
    const dense = readDenseRows(context);
    const depth = dense.depth;
    if (depth !== w.height * w.width * w.channels) context.fail();
    const direct = w.height * w.width === 1 && !w.padTop && !w.padLeft;
    const patch = direct ? undefined : context.scratch(depth);
    const input = context.arena(w.inHeight * w.inWidth * w.channels);
    const output = context.arena((w.outHeight * w.outWidth - 1) * stride + dense.units);

    function run(from: number, to: number): void {
      const outWidth = w.outWidth;
      let at = from * outWidth * stride;
      for (let y = from; y < to; y++) {
        const top = y * w.strideY - w.padTop;
        let left = -w.padLeft;
        for (let x = 0; x < outWidth; x++) {
          if (patch) {
            gather(w, input, top, left, patch, zeroPoint);
            runDenseRows(dense, patch, 0, output, at, 0, dense.units);
          } else runDenseRows(dense, input, (top * w.inWidth + left) * depth, output, at, 0, dense.units);
          left += w.strideX;
          at += stride;
        }
      }
    }
    return { rows: w.outHeight, run };
  },
};
