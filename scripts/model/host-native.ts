import type { NativePrimitives } from "../../lib/hal/native-primitives.js";

/** The native primitives in plain JavaScript, so that the host can run packs made for an engine that has them. */
export const hostNative: NativePrimitives = {
  convolve(a, b, offset) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[(i + offset) % b.length]!;
    return sum;
  },
  mapInPlace(from, to, table) {
    const target = to as number[];
    const mask = from instanceof Int8Array ? 0xff : 0xffff;
    for (let i = 0; i < from.length; i++) {
      const value = from[i]! & mask;
      target[i] = typeof table === "function" ? table(value) : (table[value] ?? 0);
    }
  },
  affinePairs(values, m0, m1, b0, b1) {
    const length = values.length & -2;
    return Array.from({ length }, (_, i) => (i & 1 ? values[i]! * m1 + b1 : values[i]! * m0 + b0));
  },
  allocate: (bytes) => new ArrayBuffer(bytes),
};
