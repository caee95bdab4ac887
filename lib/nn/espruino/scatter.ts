import type { NativePrimitives } from "../../hal/native-primitives.js";
import type { NativeRequantizer } from "./native-requantizer.js";

/**
 * Turns rows of one channel each into pixels of all channels.
 * @param index for each channel the position of its row
 * @param at first output byte of the first pixel
 * @param stride bytes from pixel to pixel in the output
 */
export function scatterRows(
  r: NativeRequantizer,
  native: NativePrimitives,
  index: Uint16Array,
  output: Int8Array,
  at: number,
  stride: number,
  pixels: number,
): void {
  const map = native.mapInPlace;
  const buffer = output.buffer as ArrayBuffer;
  const rows = r.rows.buffer as ArrayBuffer;
  const start = r.rows.byteOffset;
  const length = r.rows.length;
  const channels = index.length;
  const all = new Uint8Array(rows, start, length);
  map(all, all, r.outputs);
  let to = output.byteOffset + at;
  for (let i = 0; i < pixels; i++) {
    map(index, new Uint8Array(buffer, to, channels), new Uint8Array(rows, start + i, length - i));
    to += stride;
  }
}
