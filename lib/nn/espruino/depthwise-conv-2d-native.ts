import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readWindow } from "../window.js";
import { readNativeRequantizer, requantizeRow } from "./native-requantizer.js";
import { scatterPixels } from "./scatter.js";
import { copyRows } from "./strip.js";

/**
 * DEPTHWISE_CONV_2D for Espruino, without interpreted code per output. A few rows of the image are one strip; each
 * channel of it becomes a plane of its own, with what surrounds it; then one native call runs a kernel, padded with zeros
 * to the span it has in the plane, over all windows, or over all pairs of neighbouring windows.
 * Parameters: window, zero point, depth multiplier, output rows at a time, height and width of a plane, windows in a
 * number, numbers in a row of sums, length of a kernel, kernels, positions of a plane's elements in the strip, positions
 * of the windows in the plane, pixels to write at a time, positions of their channels in the clamped rows, requantizer,
 * strip (scratch), plane (scratch), sums (scratch), input, output.
 */
export const depthwiseConv2dNative: Operator = {
  code: 65,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native || !native.affine) return context.fail();
    const w = readWindow(context);
    const zeroPoint = context.int();
    const multiplier = context.size();
    const outRows = context.size();
    const height = context.size();
    const width = context.size();
    const packed = context.size();
    const columns = context.size();
    const span = context.size();
    const channels = w.channels;
    const units = channels * multiplier;
    const kernels = packed > 1 ? context.int32(units * span) : context.int8(units * span);
    const elements = context.uint16(width * height);
    const starts = context.uint16(columns);
    const pixels = context.size();
    const group = { pixels, index: context.uint16(pixels * units), step: 1 };
    const r = readNativeRequantizer(context, packed, units, columns, units * packed * columns);
    const rowBytes = w.inWidth * channels;
    // What lies beside the image is read from behind the strip.
    const bytes = context.scratch(height * rowBytes + channels);
    const strip = { bytes, rows: height, rowBytes, offset: 0 };
    const plane = context.scratch(height * width);
    const sums = context.scratchDoubles(columns);
    const input = context.arena(w.inHeight * rowBytes);
    const output = context.arena(w.outHeight * w.outWidth * units);

    function run(from: number, to: number): void {
      const map = native!.mapInPlace;
      for (let i = from; i < to; i++) {
        const unit = i % units;
        const outRow = ((i - unit) / units) * outRows;
        if (!unit) {
          copyRows(strip, input, w.inHeight, outRow * w.strideY - w.padTop, zeroPoint);
          bytes.subarray(height * rowBytes).fill(zeroPoint);
        }
        if (unit % multiplier === 0) map(elements, plane, bytes.subarray(unit / multiplier));
        const kernel = kernels.subarray(unit * span, (unit + 1) * span);
        map(starts, sums, native!.convolve.bind(null, kernel, plane));
        requantizeRow(r, native!, sums, unit, unit * packed * columns);
        if (unit === units - 1) {
          map(r.codes, r.codes, r.outputs);
          const perRow = Math.ceil(w.outWidth / packed) * packed;
          const end = Math.min(outRows, w.outHeight - outRow);
          for (let y = 0; y < end; y++) {
            const at = (outRow + y) * w.outWidth * units;
            scatterPixels(r, native!, group, y * perRow, output, at, units, w.outWidth);
          }
        }
      }
    }
    return { rows: Math.ceil(w.outHeight / outRows) * units, run };
  },
};
