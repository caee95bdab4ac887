import type { WindowGeometry } from "../window-geometry.js";

/** Elements of a strip's row: as far as the windows of a whole row reach. */
export function stripWidth(w: WindowGeometry): number {
  return (w.outWidth - 1) * w.strideX + (w.width - 1) * w.dilationX + 1;
}

/** Rows of the image that `outRows` rows of windows reach. */
export function stripRows(w: WindowGeometry, outRows: number): number {
  return (outRows - 1) * w.strideY + (w.height - 1) * w.dilationY + 1;
}

/** Length of a kernel that is padded with zeros to the places its weights have in a strip. */
export function kernelSpan(w: WindowGeometry): number {
  return (w.height - 1) * w.dilationY * stripWidth(w) + (w.width - 1) * w.dilationX + 1;
}

/** Kernels of a layer, padded to their span. */
export function spannedKernels(w: WindowGeometry, weights: Int8Array, units: number): Int8Array[] {
  const taps = w.height * w.width;
  return Array.from({ length: units }, (_, unit) => {
    const kernel = new Int8Array(kernelSpan(w));
    for (let tap = 0; tap < taps; tap++) {
      const y = Math.floor(tap / w.width) * w.dilationY;
      kernel[y * stripWidth(w) + (tap % w.width) * w.dilationX] = weights[unit * taps + tap]!;
    }
    return kernel;
  });
}

/**
 * How many output rows to do at one time: as many as the scratch budget allows, in strips of nearly equal height; at
 * least one.
 * @param most windows at a time
 */
export function chooseOutRows(
  w: WindowGeometry,
  budget: number,
  most: number,
  bytesFor: (outRows: number) => number,
): number {
  let chosen = 1;
  for (let rows = 2; rows <= w.outHeight && rows * w.outWidth <= most; rows++) {
    if (bytesFor(rows) <= budget) chosen = rows;
  }
  return Math.ceil(w.outHeight / Math.ceil(w.outHeight / chosen));
}
