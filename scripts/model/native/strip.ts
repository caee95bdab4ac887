import type { WindowGeometry } from "../window-geometry.js";

/** Elements of a strip's row: as far as the windows of a whole row reach. */
export function stripWidth(w: WindowGeometry): number {
  return (w.outWidth - 1) * w.strideX + (w.width - 1) * w.dilationX + 1;
}

/** Rows of the image that `outRows` rows of windows reach. */
export function stripRows(w: WindowGeometry, outRows: number): number {
  return (outRows - 1) * w.strideY + (w.height - 1) * w.dilationY + 1;
}

/** Windows of `outRows` rows, made even: the affine map works on pairs. */
export function stripColumns(w: WindowGeometry, outRows: number): number {
  return (outRows * w.outWidth + 1) & -2;
}

/** Most windows done in one go: more save little, and a step must not take long. */
const GREATEST_COLUMNS = 128;

/**
 * How many output rows to do at one time: as many as the scratch budget allows, in strips of nearly equal height.
 * @returns 0 where not even one row fits
 */
export function chooseOutRows(w: WindowGeometry, budget: number, bytesFor: (outRows: number) => number): number {
  let most = 0;
  for (let rows = 1; rows <= w.outHeight; rows++) {
    if (rows > 1 && stripColumns(w, rows) > GREATEST_COLUMNS) break;
    if (bytesFor(rows) <= budget) most = rows;
  }
  if (most === 0) return 0;
  return Math.ceil(w.outHeight / Math.ceil(w.outHeight / most));
}
