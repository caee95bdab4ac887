import type { NativePrimitives } from "../../../lib/hal/native-primitives.js";

const graphics = /*@__PURE__*/ Graphics.createArrayBuffer(8, 8, 8);

const ATTEMPTS = 8;

/** A zeroed buffer, asked for again until it is flat, as long as there is hope. */
export function allocate(bytes: number): ArrayBuffer {
  const scattered: ArrayBuffer[] = [];
  let buffer = new ArrayBuffer(bytes);
  while (bytes && scattered.length < ATTEMPTS && !E.getAddressOf(buffer, true)) {
    // Held until the search ends, or the engine would offer the same blocks again.
    scattered.push(buffer);
    buffer = new ArrayBuffer(bytes);
  }
  return buffer;
}

/** Espruino's loops in C. `E.convolve` itself is handed on, not wrapped: a wrapper would be interpreted per call. */
export const espruinoNative: NativePrimitives = {
  convolve: E.convolve,
  mapInPlace: E.mapInPlace,
  affinePairs: (values, m0, m1, b0, b1) => graphics.transformVertices(values, [m0, 0, 0, m1, b0, b1]),
  allocate,
};
