import type { OperatorContext } from "./operator-context.js";
import type { Kernel } from "./operator.js";

/** How a window moves over an image stored as [height, width, channels]. */
export interface Window {
  readonly inHeight: number;
  readonly inWidth: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly height: number;
  readonly width: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  /** Rows and columns before the image at which the first window begins. */
  readonly padTop: number;
  readonly padLeft: number;
}

/** Reads the thirteen numbers of a window, in the order of the interface. A part of every window is within the image. */
export function readWindow(context: OperatorContext): Window {
  const w: Window = {
    inHeight: context.size(),
    inWidth: context.size(),
    channels: context.size(),
    outHeight: context.size(),
    outWidth: context.size(),
    height: context.size(),
    width: context.size(),
    strideY: context.size(),
    strideX: context.size(),
    dilationY: context.size(),
    dilationX: context.size(),
    padTop: context.int(),
    padLeft: context.int(),
  };
  const lastTop = (w.outHeight - 1) * w.strideY - w.padTop;
  const lastLeft = (w.outWidth - 1) * w.strideX - w.padLeft;
  if (
    w.padTop < 0 ||
    w.padLeft < 0 ||
    w.padTop > (w.height - 1) * w.dilationY ||
    w.padLeft > (w.width - 1) * w.dilationX ||
    lastTop >= w.inHeight ||
    lastLeft >= w.inWidth
  ) {
    context.fail();
  }
  return w;
}

/** Does something for the window whose first tap is at row `top`, column `left` of the image. */
export type WindowFunction = (top: number, left: number, pixel: number) => void;

/** A kernel that goes over all windows, a row of the output at a time. */
export function windowKernel(w: Window, visit: WindowFunction): Kernel {
  function run(from: number, to: number): void {
    let pixel = from * w.outWidth;
    for (let y = from; y < to; y++) {
      for (let x = 0; x < w.outWidth; x++) visit(y * w.strideY - w.padTop, x * w.strideX - w.padLeft, pixel++);
    }
  }
  return { rows: w.outHeight, run };
}

/** Index of the first tap inside the image along one axis, where tap 0 is at `start`. */
export function firstTap(start: number, dilation: number): number {
  return Math.max(0, Math.ceil(-start / dilation));
}

/** One more than the index of the last tap inside an image of `size`, of `taps`. */
export function lastTap(start: number, dilation: number, size: number, taps: number): number {
  return Math.min(taps, Math.ceil((size - start) / dilation));
}

/**
 * Copies the image under the window that begins at row `y`, column `x` to `patch`, as [height, width, channels]; what
 * lies outside the image becomes `outside`.
 */
export function gather(w: Window, image: Int8Array, y: number, x: number, patch: Int8Array, outside: number): void {
  const channels = w.channels;
  const inWidth = w.inWidth;
  let to = 0;
  for (let row = w.height; row > 0; row--) {
    let column = x;
    for (let k = w.width; k > 0; k--) {
      const inside = y >= 0 && y < w.inHeight && column >= 0 && column < inWidth;
      let from = (y * inWidth + column) * channels;
      for (let c = channels; c > 0; c--) patch[to++] = inside ? image[from++]! : outside;
      column += w.dilationX;
    }
    y += w.dilationY;
  }
}
