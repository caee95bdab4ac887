import type { OperatorContext } from "../../lib/nn/operator-context.js";
import type { Kernel } from "../../lib/nn/operator.js";
import { requantizeExactly } from "../../lib/nn/operators/exact-requantize.js";
import { readRequantizer, type Requantizer } from "../../lib/nn/requantizer.js";
import { readWindow } from "../../lib/nn/window.js";

/** A sum as an output, in exact integers, as the reference kernels compute it. */
export function requantizeOne(r: Requantizer, sum: number, channel: number): number {
  const exact = r.exact!;
  const at = channel * r.stride * 4;
  const value = requantizeExactly(sum, exact[at]!, exact[at + 1]!, exact[at + 2]!) + exact[at + 3]!;
  return value < r.low ? r.low : value > r.low + r.span ? r.low + r.span : value;
}

/**
 * The convolution of the reference kernels, loop for loop: the measure for every other form. It reads what the loops
 * form reads, from a pack whose channels all keep the exact integer form.
 */
export function prepareNaive(context: OperatorContext, depthwise: boolean): Kernel {
  const w = readWindow(context);
  const zeroPoint = context.int();
  const stride = context.size();
  const depth = depthwise ? w.height * w.width : context.size();
  const units = depthwise ? w.channels * stride : context.size();
  const weights = context.int8(depth * units);
  const bias = context.int32(units);
  context.accumulators(units);
  const requantizer = readRequantizer(context, units);
  if (depthwise || w.height * w.width > 1 || w.padTop || w.padLeft) {
    context.scratch(depthwise ? depth * w.channels : depth);
  }
  const input = context.arena(w.inHeight * w.inWidth * w.channels);
  const outStride = depthwise ? units : stride;
  const output = context.arena((w.outHeight * w.outWidth - 1) * outStride + units);

  const biases = unfold(weights, bias, depth, zeroPoint);

  function run(from: number, to: number): void {
    for (let y = from; y < to; y++) {
      for (let x = 0; x < w.outWidth; x++) {
        for (let unit = 0; unit < units; unit++) {
          let sum = 0;
          for (let ky = 0; ky < w.height; ky++) {
            for (let kx = 0; kx < w.width; kx++) {
              const iy = y * w.strideY - w.padTop + ky * w.dilationY;
              const ix = x * w.strideX - w.padLeft + kx * w.dilationX;
              const inside = iy >= 0 && iy < w.inHeight && ix >= 0 && ix < w.inWidth;
              if (depthwise) {
                const weight = weights[(unit * w.height + ky) * w.width + kx]!;
                if (inside) {
                  const channel = (unit / stride) | 0;
                  sum += (input[(iy * w.inWidth + ix) * w.channels + channel]! - zeroPoint) * weight;
                }
              } else {
                for (let c = 0; c < w.channels; c++) {
                  const weight = weights[((unit * w.height + ky) * w.width + kx) * w.channels + c]!;
                  if (inside) sum += (input[(iy * w.inWidth + ix) * w.channels + c]! - zeroPoint) * weight;
                }
              }
            }
          }
          output[(y * w.outWidth + x) * outStride + unit] = requantizeOne(requantizer, sum + biases[unit]!, unit);
        }
      }
    }
  }
  return { rows: w.outHeight, run };
}

/** Biases as the model has them: without the input's zero point folded in. */
export function unfold(weights: Int8Array, bias: Int32Array, depth: number, zeroPoint: number): Int32Array {
  const biases = new Int32Array(bias.length);
  for (let unit = 0; unit < bias.length; unit++) {
    let total = 0;
    for (let i = unit * depth; i < (unit + 1) * depth; i++) total += weights[i]!;
    biases[unit] = bias[unit]! + zeroPoint * total;
  }
  return biases;
}
