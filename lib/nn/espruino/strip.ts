/** Some rows of an image, with room around them, as one piece of memory. */
export interface Strip {
  readonly bytes: Int8Array;
  readonly rows: number;
  readonly rowBytes: number;
  /** Where the image's first column is in a row. */
  readonly offset: number;
}

/** Copies the image's rows from row `top` on; what lies above and below the image becomes `outside`. */
export function copyRows(strip: Strip, image: Int8Array, imageHeight: number, top: number, outside: number): void {
  const imageBytes = image.length / imageHeight;
  const length = Math.min(imageBytes, strip.rowBytes - strip.offset);
  let at = 0;
  for (let y = top; y < top + strip.rows; y++) {
    if (y >= 0 && y < imageHeight) {
      strip.bytes.set(image.subarray(y * imageBytes, y * imageBytes + length), at + strip.offset);
    } else strip.bytes.subarray(at, at + strip.rowBytes).fill(outside);
    at += strip.rowBytes;
  }
}
