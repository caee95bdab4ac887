import type { OperatorContext } from "./operator-context.js";

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

/**
 * Copies the image under the window that begins at row `y`, column `x` to `patch`, as [height, width, channels]; what
 * lies outside the image becomes `outside`.
 */
export function gather(w: Window, image: Int8Array, y: number, x: number, patch: Int8Array, outside: number): void {
  const channels = w.channels;
  const inWidth = w.inWidth;
  const inHeight = w.inHeight;
  const width = w.width;
  const step = w.dilationX;
  let to = 0;
  for (let row = w.height; row > 0; row--) {
    const inside = y >= 0 && y < inHeight;
    let column = x;
    for (let k = width; k > 0; k--) {
      const end = to + channels;
      if (inside && column >= 0 && column < inWidth) {
        let from = (y * inWidth + column) * channels;
        while (to < end) patch[to++] = image[from++]!;
      } else while (to < end) patch[to++] = outside;
      column += step;
    }
    y += w.dilationY;
  }
}
