import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readWindow } from "../window.js";
import { readLeanRequantizer } from "./lean-requantizer.js";

/**
 * DEPTHWISE_CONV_2D for Espruino with little memory: one channel of a few rows is copied to a plane, with its
 * surroundings; then one native call and one statement make each output.
 * Parameters: window, zero point, depth multiplier, output rows at a time, height and width of the plane, length of a
 * kernel, kernels, requantizer, plane (scratch), input, output.
 */
export const depthwiseConv2dLean: Operator = {
  code: 68,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native) return context.fail();
    const w = readWindow(context);
    const zeroPoint = context.int();
    const multiplier = context.size();
    const outRows = context.size();
    const height = context.size();
    const width = context.size();
    const span = context.size();
    const channels = w.channels;
    const units = channels * multiplier;
    const kernels = context.int8(units * span);
    const r = readLeanRequantizer(context, units);
    const plane = context.scratch(height * width);
    const input = context.arena(w.inHeight * w.inWidth * channels);
    const output = context.arena(w.outHeight * w.outWidth * units);
    const codes = native.clamped(output);

    // Columns go first: rows of an image with many channels are short. The first names of a function are the fastest for
    // Espruino to find.

    function copyPlane(channel: number, top: number): void {
      const p = plane;
      const a = input;
      const s = width;
      const step = w.inWidth * channels;
      const first = Math.max(0, -top);
      const last = Math.min(height, w.inHeight - top);
      plane.fill(zeroPoint);
      for (let x = Math.min(w.inWidth, width - w.padLeft) - 1; x >= 0; x--) {
        let to = first * s + w.padLeft + x;
        let from = (top + first) * step + x * channels + channel;
        for (let i = first; i < last; i++) {
          p[to] = a[from]!;
          to += s;
          from += step;
        }
      }
    }

    function multiply(unit: number, at: number, rows: number): void {
      let j = 0;
      let t = 0;
      const k = codes;
      const c = native!.convolve;
      const q = kernels.subarray(unit * span, (unit + 1) * span);
      const p = plane;
      const m = r.constants[unit * 3]!;
      const b = r.constants[unit * 3 + 1]!;
      const s = w.outWidth * units;
      const step = w.strideY * width;
      const below = r.constants[unit * 3 + 2]!;
      const zero = r.zeros[unit]!;
      for (let x = 0; x < w.outWidth; x++) {
        j = at + x * units + unit;
        t = x * w.strideX;
        if (b === below) {
          for (let i = rows; i > 0; i--) {
            k[j] = c(q, p, t) * m + b;
            j += s;
            t += step;
          }
        } else {
          for (let i = rows; i > 0; i--) {
            const sum = c(q, p, t);
            k[j] = sum * m + (sum < zero ? below : b);
            j += s;
            t += step;
          }
        }
      }
    }

    function run(from: number, to: number): void {
      for (let i = from; i < to; i++) {
        const unit = i % units;
        const outRow = ((i - unit) / units) * outRows;
        const rows = Math.min(outRows, w.outHeight - outRow);
        const at = outRow * w.outWidth * units;
        if (unit % multiplier === 0) copyPlane(unit / multiplier, outRow * w.strideY - w.padTop);
        multiply(unit, at, rows);
        if (unit === units - 1) {
          const part = output.subarray(at, at + rows * w.outWidth * units);
          native!.mapInPlace(part, part, r.outputs);
        }
      }
    }
    return { rows: Math.ceil(w.outHeight / outRows) * units, run };
  },
};
