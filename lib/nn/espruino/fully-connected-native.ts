import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

/** Rows in one list: Espruino walks a list from its head. */
const ROWS_PER_LIST = 32;

/**
 * FULLY_CONNECTED for Espruino: one native call and one statement per output; an array that clamps and a table do the
 * rest.
 * Parameters: depth, units, weights, whether each unit has a factor of its own, factors, addends (bias included),
 * whether sums below zero have other addends and, where they do, what those have more and where the sums change sign,
 * outputs by clamped value, clamped values (scratch), input, output.
 */
export const fullyConnectedNative: Operator = {
  code: 66,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native) return context.fail();
    const depth = context.size();
    const units = context.size();
    const weights = context.int8(units * depth);
    const perUnit = context.int();
    const factors = context.float64(perUnit ? units : 1);
    const addends = context.float64(units);
    const split = context.int();
    const more = split ? context.float64(perUnit ? units : 1) : undefined;
    const zeros = split ? context.int32(units) : undefined;
    const outputs = context.int8(256);
    const bytes = context.scratch(units);
    const clamped = new Uint8ClampedArray(bytes.buffer as ArrayBuffer, bytes.byteOffset, units);
    const codes = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, units);
    const input = context.arena(depth);
    const output = context.arena(units);
    // Espruino's clamping array cuts, the standard's rounds.
    clamped[0] = 0.9;
    const rounding = clamped[0] ? 0.5 : 0;
    const lists: Int8Array[][] = [];
    for (let i = 0; i < units; i++) {
      if (i % ROWS_PER_LIST === 0) lists.push([]);
      const row = new Int8Array(weights.buffer as ArrayBuffer, weights.byteOffset + i * depth, depth);
      lists[(i / ROWS_PER_LIST) | 0]!.push(row);
    }

    function run(from: number, to: number): void {
      const c = native!.convolve;
      const x = input;
      const k = clamped;
      const b = addends;
      for (let part = from; part < to; part++) {
        const q = lists[part]!;
        const n = q.length;
        let o = part * ROWS_PER_LIST;
        if (perUnit || rounding) {
          for (let i = 0; i < n; i++) {
            const j = perUnit ? o : 0;
            const sum = c(x, q[i]!, 0);
            const low = more && zeros && sum < zeros[o]! ? more[j]! : 0;
            k[o] = sum * factors[j]! + b[o]! + low - rounding;
            o++;
          }
        } else if (more && zeros) {
          const m = factors[0]!;
          const d = more[0]!;
          for (let i = 0; i < n; i++) {
            const s = c(x, q[i]!, 0);
            k[o] = s * m + (s < zeros[o]! ? b[o]! + d : b[o]!);
            o++;
          }
        } else {
          const m = factors[0]!;
          for (let i = 0; i < n; i++) {
            k[o] = c(x, q[i]!, 0) * m + b[o]!;
            o++;
          }
        }
      }
      if (to === lists.length) native!.mapInPlace(codes, output, outputs);
    }
    return { rows: lists.length, run };
  },
};
