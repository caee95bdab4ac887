import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

/**
 * ADD and SUB for Espruino, without interpreted code per output: operands are gathered in pairs, and one affine map makes
 * each pair an output minus the least there is. May run in place.
 * Parameters: count, elements at a time, a, b, matrix, outputs by clamped value, positions of the pairs' elements
 * (scratch), pairs (scratch), output.
 */
export const addNative: Operator = {
  code: 69,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native || !native.affine) return context.fail();
    const count = context.size();
    const chunk = context.size();
    const a = context.arena(count);
    const b = context.arena(count);
    const matrix = context.float64(6);
    const outputs = context.int8(256);
    const index = context.scratchShorts(chunk * 2);
    const pairs = context.scratch(chunk * 2);
    const output = context.arena(count);
    const buffer = pairs.buffer as ArrayBuffer;
    const clamped = new Uint8ClampedArray(buffer, pairs.byteOffset, chunk * 2);
    // The map leaves 0 in each second byte, so that a pair of bytes is a clamped value.
    const codes = new Uint16Array(buffer, pairs.byteOffset, chunk);
    const first = Math.min(a.byteOffset, b.byteOffset);

    function run(from: number, to: number): void {
      for (let i = from; i < to; i++) {
        const at = i * chunk;
        if (!i) {
          for (let k = 0; k < chunk; k++) {
            index[2 * k] = a.byteOffset - first + k;
            index[2 * k + 1] = b.byteOffset - first + k;
          }
        }
        native!.mapInPlace(index, pairs, new Int8Array(a.buffer as ArrayBuffer, first + at));
        clamped.set(native!.affine!(pairs, matrix));
        native!.mapInPlace(codes, output.subarray(at, Math.min(count, at + chunk)), outputs);
      }
    }
    return { rows: Math.ceil(count / chunk), run };
  },
};
