import type { Kernel } from "../../lib/nn/operator.js";
import { requantizeExactly } from "../../lib/nn/operators/exact-requantize.js";
import type { Requantizer } from "../../lib/nn/requantizer.js";
import type { Window } from "../../lib/nn/window.js";

/** A sum as an output, in exact integers, as the reference kernels compute it. */
export function requantizeOne(r: Requantizer, sum: number, channel: number): number {
  const at = channel * r.stride * 4;
  const exact = r.exact!;
  const value = requantizeExactly(sum, exact[at]!, exact[at + 1]!, exact[at + 2]!) + exact[at + 3]!;
  return value < r.low ? r.low : value > r.low + r.span ? r.low + r.span : value;
}

/** What a convolution of the reference kernels works on. */
export interface NaiveConv {
  readonly w: Window;
  readonly zeroPoint: number;
  readonly units: number;
  /** Channels of the input that one output depends on. */
  readonly depth: number;
  readonly biases: Int32Array;
  readonly requantizer: Requantizer;
  readonly input: Int8Array;
  readonly output: Int8Array;
  /** Bytes from pixel to pixel in the output. */
  readonly stride: number;
}

/**
 * The convolution of the reference kernels, loop for loop: the measure for every other form.
 * @param padded channels in a row of a depthwise layer's weights
 */
export function naiveConvolution(c: NaiveConv, weights: Int8Array, depthwise: boolean, padded: number): Kernel {
  const w = c.w;
  const input = c.input;
  const zeroPoint = c.zeroPoint;
  const depth = c.depth;

  function run(from: number, to: number): void {
    for (let y = from; y < to; y++) {
      for (let x = 0; x < w.outWidth; x++) {
        for (let unit = 0; unit < c.units; unit++) {
          let sum = 0;
          for (let ky = 0; ky < w.height; ky++) {
            for (let kx = 0; kx < w.width; kx++) {
              const iy = y * w.strideY - w.padTop + ky * w.dilationY;
              const ix = x * w.strideX - w.padLeft + kx * w.dilationX;
              const inside = iy >= 0 && iy < w.inHeight && ix >= 0 && ix < w.inWidth;
              if (depthwise) {
                const weight = weights[(ky * w.width + kx) * padded + unit]!;
                if (inside) sum += (input[(iy * w.inWidth + ix) * w.channels + unit]! - zeroPoint) * weight;
              } else {
                for (let i = 0; i < depth; i++) {
                  const weight = weights[((unit * w.height + ky) * w.width + kx) * depth + i]!;
                  if (inside) sum += (input[(iy * w.inWidth + ix) * depth + i]! - zeroPoint) * weight;
                }
              }
            }
          }
          c.output[(y * w.outWidth + x) * c.stride + unit] = requantizeOne(c.requantizer, sum + c.biases[unit]!, unit);
        }
      }
    }
  }
  return { rows: w.outHeight, run };
}
