import type { OperatorContext } from "./operator-context.js";
import type { Kernel } from "./operator.js";
import { readWindow, windowKernel } from "./window.js";

/**
 * What a pool makes of one channel under the window: `rows` rows of numbers from `start` on, each `bytes` long.
 * @param rowStep from row to row
 * @param step from number to number
 */
export type PoolFunction = (
  image: Int8Array,
  start: number,
  rows: number,
  bytes: number,
  rowStep: number,
  step: number,
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
  const rowStep = w.inWidth * channels;
  const input = context.arena(w.inHeight * rowStep);
  const output = context.arena(w.outHeight * w.outWidth * channels);

  return windowKernel(w, (y, x, pixel) => {
    const top = Math.max(y, 0);
    const left = Math.max(x, 0);
    const rows = Math.min(y + w.height, w.inHeight) - top;
    const bytes = (Math.min(x + w.width, w.inWidth) - left) * channels;
    for (let c = 0; c < channels; c++) {
      const value = pool(input, top * rowStep + left * channels + c, rows, bytes, rowStep, channels);
      output[pixel * channels + c] = Math.max(low, Math.min(high, value));
    }
  });
}
