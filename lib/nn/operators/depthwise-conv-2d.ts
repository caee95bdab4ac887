import { lanes } from "../dense-rows.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer } from "../requantizer.js";
import { firstTap, lastTap, readWindow, windowKernel } from "../window.js";

/**
 * 2-D convolution of each channel with a kernel of its own. Inputs count from the zero point, so that what lies outside
 * the image is left out. Four channels share each step.
 * Parameters: window, zero point, weights [height, width, channel], bias, sums (scratch), requantizer, input, output.
 */
export const depthwiseConv2d: Operator = {
  code: 3,
  prepare(context: OperatorContext): Kernel {
    const w = readWindow(context);
    const zeroPoint = context.int();
    const channels = w.channels;
    const padded = lanes(channels);
    const weights = context.int8(w.height * w.width * padded);
    const bias = context.int32(padded);
    const sums = context.accumulators(padded);
    const requantizer = readRequantizer(context, channels);
    const input = context.arena(w.inHeight * w.inWidth * channels);
    const output = context.arena(w.outHeight * w.outWidth * channels);

    return windowKernel(w, (y, x, pixel) => {
      const image = input;
      const kernels = weights;
      const zero = zeroPoint;
      const step = w.dilationX * channels;
      const top = firstTap(y, w.dilationY);
      const bottom = lastTap(y, w.dilationY, w.inHeight, w.height);
      const left = firstTap(x, w.dilationX);
      const right = lastTap(x, w.dilationX, w.inWidth, w.width);
      for (let channel = 0; channel < channels; channel += 4) {
        // The last step goes over some channels once more, rather than over fewer.
        channel = Math.min(channel, padded - 4);
        let a = bias[channel]!;
        let b = bias[channel + 1]!;
        let c = bias[channel + 2]!;
        let d = bias[channel + 3]!;
        for (let row = top; row < bottom; row++) {
          let p = ((y + row * w.dilationY) * w.inWidth + x + left * w.dilationX) * channels + channel;
          let q = (row * w.width + left) * padded + channel;
          for (let column = left; column < right; column++) {
            a += (image[p]! - zero) * kernels[q]!;
            b += (image[p + 1]! - zero) * kernels[q + 1]!;
            c += (image[p + 2]! - zero) * kernels[q + 2]!;
            d += (image[p + 3]! - zero) * kernels[q + 3]!;
            p += step;
            q += padded;
          }
        }
        sums[channel] = a;
        sums[channel + 1] = b;
        sums[channel + 2] = c;
        sums[channel + 3] = d;
      }
      requantizer.run(requantizer, sums, 0, channels, output, pixel * channels);
    });
  },
};
