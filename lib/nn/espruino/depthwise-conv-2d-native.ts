import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readWindow } from "../window.js";
import { clampRounding, readNativeRequantizer, requantizeNatively } from "./native-requantizer.js";
import { scatterRows } from "./scatter.js";
import { fillStrip, stripRows, stripWidth, type Strip } from "./strip.js";

/**
 * DEPTHWISE_CONV_2D for Espruino: each channel of a strip becomes a plane of its own; then one native call runs a kernel,
 * padded with zeros to the span it has in the plane, over all windows.
 * Parameters: window, zero point, depth multiplier, output rows at a time, length of a kernel, kernels, positions of a
 * plane's elements in the strip, positions of the windows in the plane, position of each channel's row, requantizer,
 * strip (scratch), plane (scratch), input, output.
 */
export const depthwiseConv2dNative: Operator = {
  code: 65,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native || !native.affinePairs) return context.fail();
    const w = readWindow(context);
    const zeroPoint = context.int();
    const multiplier = context.size();
    const outRows = context.size();
    const span = context.size();
    const channels = w.channels;
    const units = channels * multiplier;
    const kernels = context.int8(units * span);
    const width = stripWidth(w);
    const rows = stripRows(w, outRows);
    const elements = context.uint16(width * rows);
    const columns = (outRows * w.outWidth + 1) & -2;
    const starts = context.uint16(columns);
    const index = context.uint16(units);
    const requantizer = readNativeRequantizer(context, units, columns);
    const strip: Strip = { outRows, width, rows, bytes: context.scratch(width * rows * channels) };
    const plane = context.scratch(width * rows);
    const input = context.arena(w.inHeight * w.inWidth * channels);
    const output = context.arena(w.outHeight * w.outWidth * units);
    const rounding = clampRounding();

    function run(from: number, to: number): void {
      const map = native!.mapInPlace;
      const convolve = native!.convolve;
      const sums = requantizer.sums;
      const bytes = strip.bytes;
      for (let part = from; part < to; part++) {
        const outRow = part * outRows;
        fillStrip(strip, w, input, outRow, zeroPoint);
        let at = kernels.byteOffset;
        let unit = 0;
        for (let channel = 0; channel < channels; channel++) {
          map(
            elements,
            plane,
            new Int8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + channel, bytes.length - channel),
          );
          for (let m = 0; m < multiplier; m++) {
            const kernel = new Int8Array(kernels.buffer as ArrayBuffer, at, span);
            map(starts, sums, convolve.bind(null, kernel, plane));
            requantizeNatively(requantizer, native!, rounding, unit, sums);
            unit++;
            at += span;
          }
        }
        const count = Math.min(outRows, w.outHeight - outRow) * w.outWidth;
        scatterRows(requantizer, native!, index, output, outRow * w.outWidth * units, units, count);
      }
    }
    return { rows: Math.ceil(w.outHeight / outRows), run };
  },
};
