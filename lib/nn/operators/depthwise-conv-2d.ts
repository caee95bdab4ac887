import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readRequantizer, requantizeRow } from "../requantizer.js";
import { gather, readWindow } from "../window.js";

/**
 * 2-D convolution of each channel with kernels of its own. Windows that reach beyond the image are copied first, with
 * the input's zero point outside; the others are read in place.
 * Parameters: window, zero point, depth multiplier, weights [output channel, height, width], bias, sums (scratch),
 * requantizer, patch (scratch), input, output.
 */
export const depthwiseConv2d: Operator = {
  code: 3,
  prepare(context: OperatorContext): Kernel {
    const w = readWindow(context);
    const zeroPoint = context.int();
    const multiplier = context.size();
    const channels = w.channels;
    const units = channels * multiplier;
    const taps = w.height * w.width;
    const weights = context.int8(units * taps);
    const bias = context.int32(units);
    const sums = context.accumulators(units);
    const requantizer = readRequantizer(context, units);
    const patch = context.scratch(taps * channels);
    const input = context.arena(w.inHeight * w.inWidth * channels);
    const output = context.arena(w.outHeight * w.outWidth * units);

    function convolve(image: Int8Array, start: number, rowStep: number, columnStep: number): void {
      const kernels = weights;
      const height = w.height;
      const width = w.width;
      let q = 0;
      let unit = 0;
      for (let channel = 0; channel < channels; channel++) {
        for (let m = 0; m < multiplier; m++) {
          let sum = bias[unit]!;
          let row = start + channel;
          for (let ky = 0; ky < height; ky++) {
            let p = row;
            for (let kx = 0; kx < width; kx++) {
              sum += image[p]! * kernels[q++]!;
              p += columnStep;
            }
            row += rowStep;
          }
          sums[unit++] = sum;
        }
      }
    }

    function run(from: number, to: number): void {
      const lastTop = w.inHeight - (w.height - 1) * w.dilationY;
      const lastLeft = w.inWidth - (w.width - 1) * w.dilationX;
      let at = from * w.outWidth * units;
      for (let y = from; y < to; y++) {
        const top = y * w.strideY - w.padTop;
        let left = -w.padLeft;
        for (let x = 0; x < w.outWidth; x++) {
          if (top < 0 || left < 0 || top >= lastTop || left >= lastLeft) {
            gather(w, input, top, left, patch, zeroPoint);
            convolve(patch, 0, w.width * channels, channels);
          } else {
            const start = (top * w.inWidth + left) * channels;
            convolve(input, start, w.dilationY * w.inWidth * channels, w.dilationX * channels);
          }
          requantizeRow(requantizer, sums, 0, units, output, at);
          left += w.strideX;
          at += units;
        }
      }
    }
    return { rows: w.outHeight, run };
  },
};
