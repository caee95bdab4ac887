import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readWindow } from "../window.js";
import { clampRounding, readNativeRequantizer, requantizeNatively } from "./native-requantizer.js";
import { scatterRows } from "./scatter.js";
import { fillStrip, stripRows, stripWidth, type Strip } from "./strip.js";

/**
 * CONV_2D for Espruino: the windows of a few output rows are gathered side by side, then one native call per channel
 * multiplies them all with its weights. `map` hands the element's index to `convolve`, which takes it for an offset:
 * window `i` is therefore stored rotated by `i`.
 * Parameters: window, zero point, output rows at a time, channels of the whole layer, channels, depth, weights,
 * twice the positions of a window's elements, position of each channel's row, requantizer, windows (scratch),
 * whether the image is read in place, strip (scratch), input, output.
 */
export const conv2dNative: Operator = {
  code: 64,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native || !native.affinePairs) return context.fail();
    const w = readWindow(context);
    const zeroPoint = context.int();
    const outRows = context.size();
    const stride = context.size();
    const units = context.size();
    const depth = context.size();
    const weights = context.int8(units * depth);
    const taps = context.uint16(depth * 2);
    const index = context.uint16(units);
    const columns = (outRows * w.outWidth + 1) & -2;
    const requantizer = readNativeRequantizer(context, units, columns);
    const windows = context.scratch(columns * depth);
    const direct = context.int();
    const width = direct ? w.inWidth : stripWidth(w);
    const rows = stripRows(w, outRows);
    const strip: Strip | undefined = direct
      ? undefined
      : { outRows, width, rows, bytes: context.scratch(width * rows * w.channels) };
    const input = context.arena(w.inHeight * w.inWidth * w.channels);
    const output = context.arena((w.outHeight * w.outWidth - 1) * stride + units);
    const rounding = clampRounding();
    const patches: Int8Array[] = [];
    for (let i = 0; i < columns; i++) {
      patches.push(new Int8Array(windows.buffer as ArrayBuffer, windows.byteOffset + i * depth, depth));
    }

    function gatherWindows(outRow: number, count: number): void {
      const map = native!.mapInPlace;
      const image = strip ? strip.bytes : input;
      const buffer = image.buffer as ArrayBuffer;
      const positions = taps.buffer as ArrayBuffer;
      const first = taps.byteOffset;
      const rowStep = w.strideY * width * w.channels;
      const columnStep = w.strideX * w.channels;
      const end = image.byteOffset + image.length;
      let i = 0;
      let line = image.byteOffset + (strip ? 0 : outRow * rowStep);
      while (i < count) {
        let from = line;
        for (let x = w.outWidth; x > 0; x--) {
          const rotated = new Uint16Array(positions, first + 2 * (depth - (i % depth)), depth);
          map(rotated, patches[i]!, new Int8Array(buffer, from, end - from));
          from += columnStep;
          i++;
        }
        line += rowStep;
      }
    }

    function run(from: number, to: number): void {
      const convolve = native!.convolve;
      for (let part = from; part < to; part++) {
        const outRow = part * outRows;
        const count = Math.min(outRows, w.outHeight - outRow) * w.outWidth;
        if (strip) fillStrip(strip, w, input, outRow, zeroPoint);
        gatherWindows(outRow, count);
        let at = weights.byteOffset;
        for (let unit = 0; unit < units; unit++) {
          const row = new Int8Array(weights.buffer as ArrayBuffer, at, depth);
          requantizeNatively(requantizer, native!, rounding, unit, patches.map(convolve.bind(null, row)));
          at += depth;
        }
        scatterRows(requantizer, native!, index, output, outRow * w.outWidth * stride, stride, count);
      }
    }
    return { rows: Math.ceil(w.outHeight / outRows), run };
  },
};
