import type { OperatorContext } from "./operator-context.js";
import type { Kernel } from "./operator.js";
import { readWindow, windowKernel } from "./window.js";

/** What a pool makes of one channel under the window: `count` values, from `start` on, in rows. */
export type PoolFunction = (
  image: Int8Array,
  start: number,
  rows: number,
  columns: number,
  rowStep: number,
  columnStep: number,
) => number;

/**
 * Prepares a pooling operator: the window is cut at the image's edges, and each channel of it becomes one number.
 * Parameters: window (dilation 1), least and greatest output, input, output.
 */
export function preparePool(context: OperatorContext, pool: PoolFunction): Kernel {
  const w = readWindow(context);
  const low = context.int();
  const high = context.int();
  const channels = w.channels;
  const input = context.arena(w.inHeight * w.inWidth * channels);
  const output = context.arena(w.outHeight * w.outWidth * channels);

  return windowKernel(w, (top, left, pixel) => {
    const first = Math.max(top, 0);
    const rows = Math.min(top + w.height, w.inHeight) - first;
    const begin = Math.max(left, 0);
    const columns = Math.min(left + w.width, w.inWidth) - begin;
    const start = (first * w.inWidth + begin) * channels;
    for (let c = 0; c < channels; c++) {
      const value = pool(input, start + c, rows, columns, w.inWidth * channels, channels);
      output[pixel * channels + c] = value < low ? low : value > high ? high : value;
    }
  });
}
