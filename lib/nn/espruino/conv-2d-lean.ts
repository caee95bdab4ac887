import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readWindow } from "../window.js";
import { copyWindow } from "./copy-window.js";
import { readLeanRequantizer } from "./lean-requantizer.js";

/**
 * CONV_2D for Espruino, and dense layers as such, with little memory: one native call and one statement per output.
 * Parameters: window, zero point, channels of the whole layer, channels, depth, windows at a time, weights, requantizer,
 * whether the image is read in place, copies of windows (scratch), input, output.
 */
export const conv2dLean: Operator = {
  code: 70,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native) return context.fail();
    const w = readWindow(context);
    const zeroPoint = context.int();
    const stride = context.size();
    const units = context.size();
    const depth = context.size();
    const columns = context.size();
    const weights = context.int8(units * depth);
    const r = readLeanRequantizer(context, units);
    const copies = context.int() ? undefined : context.scratch(columns * depth);
    const input = context.arena(w.inHeight * w.inWidth * w.channels);
    const pixels = w.outHeight * w.outWidth;
    const output = context.arena((pixels - 1) * stride + units);
    const codes = native.clamped(output);
    let patches: Int8Array[] = [];

    function listPatches(first: number, end: number): void {
      patches = [];
      for (let pixel = first; pixel < end; pixel++) {
        const x = pixel % w.outWidth;
        const top = ((pixel - x) / w.outWidth) * w.strideY - w.padTop;
        const left = x * w.strideX - w.padLeft;
        let at = (top * w.inWidth + left) * depth;
        if (copies) {
          at = patches.length * depth;
          copyWindow(w, input, top, left, copies, at, zeroPoint);
        }
        patches.push((copies || input).subarray(at, at + depth));
      }
    }

    /** One channel of all patches. The first names of a function are the fastest for Espruino to find. */
    function multiply(unit: number, at: number): void {
      let j = at + unit;
      const k = codes;
      const c = native!.convolve;
      const q = weights.subarray(unit * depth, (unit + 1) * depth);
      const p = patches;
      const m = r.constants[unit * 3]!;
      const b = r.constants[unit * 3 + 1]!;
      const s = stride;
      const n = p.length;
      const below = r.constants[unit * 3 + 2]!;
      if (b === below) {
        for (let i = 0; i < n; i++) {
          k[j] = c(q, p[i]!, 0) * m + b;
          j += s;
        }
      } else {
        const zero = r.zeros[unit]!;
        for (let i = 0; i < n; i++) {
          const sum = c(q, p[i]!, 0);
          k[j] = sum * m + (sum < zero ? below : b);
          j += s;
        }
      }
    }

    function run(from: number, to: number): void {
      for (let i = from; i < to; i++) {
        const unit = i % units;
        const first = ((i - unit) / units) * columns;
        const end = Math.min(pixels, first + columns);
        if (!unit) listPatches(first, end);
        multiply(unit, first * stride);
        if (unit === units - 1) {
          // Nothing that a run allocates outlives it.
          patches = [];
          for (let at = first * stride; at < end * stride; at += stride) {
            const part = output.subarray(at, at + units);
            native!.mapInPlace(part, part, r.outputs);
          }
        }
      }
    }
    return { rows: Math.ceil(pixels / columns) * units, run };
  },
};
