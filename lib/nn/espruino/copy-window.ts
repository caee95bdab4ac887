import { firstTap, lastTap, type Window } from "../window.js";

/**
 * Copies the image under the window whose first tap is at row `y`, column `x` to `to[at]`, as [height, width, channels],
 * by native calls for each row; what lies outside the image becomes `outside`.
 */
export function copyWindow(
  w: Window,
  image: Int8Array,
  y: number,
  x: number,
  to: Int8Array,
  at: number,
  outside: number,
): void {
  const channels = w.channels;
  const top = firstTap(y, w.dilationY);
  const bottom = lastTap(y, w.dilationY, w.inHeight, w.height);
  const left = firstTap(x, w.dilationX);
  const right = lastTap(x, w.dilationX, w.inWidth, w.width);
  // Neighbours in the window are neighbours in the image only without dilation.
  const run = w.dilationX > 1 ? 1 : right - left;
  const bytes = run * channels;
  // Espruino's `fill` goes over the whole array, whatever part is asked for.
  if ((bottom - top) * (right - left) < w.height * w.width) {
    to.subarray(at, at + w.height * w.width * channels).fill(outside);
  }
  for (let column = left; column < right; column += run) {
    let from = ((y + top * w.dilationY) * w.inWidth + x + column * w.dilationX) * channels;
    let place = at + (top * w.width + column) * channels;
    for (let row = top; row < bottom; row++) {
      to.set(image.subarray(from, from + bytes), place);
      from += w.dilationY * w.inWidth * channels;
      place += w.width * channels;
    }
  }
}
