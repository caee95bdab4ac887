import type { Window } from "../window.js";

/** A few rows of an image with everything around them that windows reach, as one piece. */
export interface Strip {
  /** Output rows it serves. */
  readonly outRows: number;
  /** Columns of it. */
  readonly width: number;
  readonly rows: number;
  readonly bytes: Int8Array;
}

/** Elements a strip needs in width and rows. */
export function stripWidth(w: Window): number {
  return (w.outWidth - 1) * w.strideX + (w.width - 1) * w.dilationX + 1;
}

/** Rows of the image that `outRows` rows of windows reach. */
export function stripRows(w: Window, outRows: number): number {
  return (outRows - 1) * w.strideY + (w.height - 1) * w.dilationY + 1;
}

/** Fills a strip for the output rows from `outRow` on; outside the image lies `outside`. */
export function fillStrip(strip: Strip, w: Window, input: Int8Array, outRow: number, outside: number): void {
  const bytes = strip.bytes;
  const channels = w.channels;
  const rowBytes = w.inWidth * channels;
  const columns = Math.min(w.inWidth, strip.width - w.padLeft) * channels;
  const top = outRow * w.strideY - w.padTop;
  bytes.fill(outside);
  for (let r = 0; r < strip.rows; r++) {
    const y = top + r;
    if (y < 0 || y >= w.inHeight) continue;
    const row = new Int8Array(input.buffer as ArrayBuffer, input.byteOffset + y * rowBytes, columns);
    bytes.set(row, (r * strip.width + w.padLeft) * channels);
  }
}
