import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readWindow } from "../window.js";
import { readNativeRequantizer, requantizeRow } from "./native-requantizer.js";
import { scatterPixels } from "./scatter.js";
import { copyRows } from "./strip.js";

/**
 * CONV_2D for Espruino, without interpreted code per output: for the windows of a few output rows, one native call
 * multiplies all of them with the weights of a channel, or of two channels in one number.
 * Parameters: window, zero point, channels of the whole layer, channels, depth, output rows at a time, windows in them
 * (made even), form, rows of weights, weights, pixels to write at a time, positions of their channels in the clamped rows
 * and the step from pixel to pixel there, requantizer, maps of a wide form, rows and columns of a strip of the image (0
 * where windows are pixels of the image itself), strip (scratch), positions of a window's elements in it, windows
 * (scratch), input, output.
 */
export const conv2dNative: Operator = {
  code: 64,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native || !native.affine) return context.fail();
    const w = readWindow(context);
    const zeroPoint = context.int();
    const stride = context.size();
    const units = context.size();
    const depth = context.size();
    const outRows = context.size();
    const columns = context.size();
    // Sums in a number: 1, 2 that its words can hold, or (3) 2 of any size, brought out one after the other.
    const form = context.size();
    const rows = context.size();
    const weights = form > 1 ? context.int32(rows * depth) : context.int8(rows * depth);
    const pixels = context.size();
    const group = { pixels, index: context.uint16(pixels * units), step: context.size() };
    const wide = form > 2;
    const bytes = form > 1 ? rows * 2 * columns : rows * columns;
    const r = readNativeRequantizer(context, form === 2 ? 2 : 1, wide ? rows * 2 : rows, columns, bytes);
    const lanes = wide ? [context.float64(6), context.float64(6)] : [];
    const stripRows = context.int();
    const stripWidth = context.int();
    const channels = w.channels;
    const strip = stripRows
      ? {
          bytes: context.scratch(stripRows * stripWidth * channels),
          rows: stripRows,
          rowBytes: stripWidth * channels,
          offset: w.padLeft * channels,
        }
      : undefined;
    const taps = strip && context.uint16(depth);
    const windows = strip && context.scratch(columns * depth);
    const input = context.arena(w.inHeight * w.inWidth * channels);
    const output = context.arena((w.outHeight * w.outWidth - 1) * stride + units);
    const lineBytes = w.strideY * (strip ? strip.rowBytes : w.inWidth * channels);
    let patches: Int8Array[] = [];

    /** Views of the windows of a few output rows. */
    function listPatches(outRow: number): void {
      const end = Math.min(w.outHeight, outRow + outRows);
      let line = outRow * lineBytes;
      patches = [];
      if (strip) {
        if (!outRow) strip.bytes.fill(zeroPoint);
        copyRows(strip, input, w.inHeight, outRow * w.strideY - w.padTop, zeroPoint);
        line = 0;
      }
      for (let y = outRow; y < end; y++) {
        for (let x = 0; x < w.outWidth; x++) {
          const i = patches.length;
          let at = line + x * w.strideX * channels;
          if (strip) {
            const image = strip.bytes.subarray(at);
            at = i * depth;
            native!.mapInPlace(taps!, windows!.subarray(at, at + depth), image);
          }
          // `map` hands the index to `convolve`, which takes it for an offset: the view begins as much earlier.
          patches.push((windows || input).subarray(at - i, at + depth));
        }
        line += lineBytes;
      }
      // Affine maps work on pairs.
      while (patches.length < columns) patches.push(patches[0]!);
    }

    function run(from: number, to: number): void {
      const convolve = native!.convolve;
      for (let i = from; i < to; i++) {
        const row = i % rows;
        const outRow = ((i - row) / rows) * outRows;
        if (!row) listPatches(outRow);
        const at = row * (bytes / rows);
        const sums = patches.map(convolve.bind(null, weights.subarray(row * depth, (row + 1) * depth)));
        if (wide) {
          for (let lane = 0; lane < 2; lane++) {
            r.integers.set(native!.affine!(sums, lanes[lane]!));
            requantizeRow(r, native!, r.integers, row * 2 + lane, at + lane * columns);
          }
        } else requantizeRow(r, native!, sums, row, at);
        if (row === rows - 1) {
          const count = Math.min(outRows, w.outHeight - outRow) * w.outWidth;
          native!.mapInPlace(r.codes, r.codes, r.outputs);
          scatterPixels(r, native!, group, 0, output, outRow * w.outWidth * stride, stride, count);
          // Nothing that a run allocates outlives it.
          patches = [];
        }
      }
    }
    return { rows: Math.ceil(w.outHeight / outRows) * rows, run };
  },
};
