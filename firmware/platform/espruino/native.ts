import type { NativePrimitives } from "../../../lib/hal/native-primitives.js";

const graphics = /*@__PURE__*/ Graphics.createArrayBuffer(8, 8, 8);

/** Espruino's loops in C. `E.convolve` itself is handed on, not wrapped: a wrapper would be interpreted per call. */
export const espruinoNative: NativePrimitives = {
  convolve: E.convolve,
  mapInPlace: E.mapInPlace,
  affinePairs: (values, m0, m1, b0, b1) => graphics.transformVertices(values, [m0, 0, 0, m1, b0, b1]),
  isFlat: (view) => E.getAddressOf(view, true) !== 0,
};
