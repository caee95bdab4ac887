import type { NativePrimitives } from "../../hal/native-primitives.js";
import type { NativeRequantizer } from "./native-requantizer.js";

/** Where the channels of some pixels are among the clamped rows. */
export interface PixelGroup {
  /** Pixels that the index describes. */
  readonly pixels: number;
  /** Positions of their channels, from the group's place on. */
  readonly index: Uint16Array;
  /** From a pixel's place to the next one's. */
  readonly step: number;
}

/**
 * Writes a run of pixels of all channels from the clamped rows, which have been made outputs.
 * @param place of the first pixel in the rows
 * @param at byte of the output where the first pixel begins
 * @param stride bytes from pixel to pixel
 */
export function scatterPixels(
  r: NativeRequantizer,
  native: NativePrimitives,
  group: PixelGroup,
  place: number,
  output: Int8Array,
  at: number,
  stride: number,
  pixels: number,
): void {
  const map = native.mapInPlace;
  const index = group.index;
  const codes = r.codes;
  const n = group.pixels;
  const bytes = n * stride;
  const end = at + pixels * stride;
  while (at < end) {
    // The map ends where the index or the output does.
    map(index, output.subarray(at, Math.min(end, at + bytes)), codes.subarray(place));
    place += n * group.step;
    at += bytes;
  }
}
