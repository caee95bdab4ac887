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
  // Cut at once: the engine's arrays cut what is stored to them, where the standard's clamping array rounds.
  affine(values, m) {
    return Array.from({ length: values.length & -2 }, (_, i) => {
      const x = values[i & -2]!;
      const y = values[i | 1]!;
      return Math.trunc(i & 1 ? m[1]! * x + m[3]! * y + m[5]! : m[0]! * x + m[2]! * y + m[4]!);
    });
  },
  clamped: (bytes) =>
    new Proxy(new Uint8ClampedArray(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length), {
      set: (target, index, value: number) => Reflect.set(target, index, Math.trunc(value)),
    }),
  allocate: (bytes) => new ArrayBuffer(bytes),
};
