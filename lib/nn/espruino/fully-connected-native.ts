import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { readNativeRequantizer, requantizeRow } from "./native-requantizer.js";

/** Numbers behind the inputs, whose products with the end of a row are the bias. */
const BIAS_PLACES = [16384, 128, 1];

/**
 * FULLY_CONNECTED for Espruino, without interpreted code per output: one native call multiplies all rows of a list with
 * the inputs. A row is the weights of one output, or of two outputs in one number.
 * Parameters: depth, units, outputs in a number, lists, rows in a list (even), whether views of the rows are kept or made
 * at every run, rows of weights with the digits of their bias, inputs (scratch), requantizer of one row, input, output.
 */
export const fullyConnectedNative: Operator = {
  code: 66,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native || !native.affine) return context.fail();
    const depth = context.size();
    const units = context.size();
    const packed = context.size();
    const count = context.size();
    const columns = context.size();
    const kept = context.int();
    const rows = count * columns;
    const length = depth + BIAS_PLACES.length;
    const weights = packed > 1 ? context.int32(rows * length) : context.int8(rows * length);
    const inputs = context.scratchShorts(length);
    const r = readNativeRequantizer(context, packed, 1, columns, rows * packed);
    const input = context.arena(depth);
    const output = context.arena(units);
    const lists: ArrayLike<number>[][] = [];

    function rowsOf(list: number): ArrayLike<number>[] {
      const views: ArrayLike<number>[] = [];
      let at = list * columns * length;
      // `map` hands the index to `convolve`, which takes it for an offset: the view begins as much earlier.
      for (let i = 0; i < columns; i++) views.push(weights.subarray(at - i, (at += length)));
      return views;
    }
    while (kept && lists.length < count) lists.push(rowsOf(lists.length));

    function run(from: number, to: number): void {
      inputs.set(input);
      inputs.set(BIAS_PLACES, depth);
      const multiply = native!.convolve.bind(null, inputs);
      for (let i = from; i < to; i++) {
        const sums = (lists[i] || rowsOf(i)).map(multiply);
        requantizeRow(r, native!, sums, 0, i * columns * packed);
      }
      if (to === count) native!.mapInPlace(r.codes, output, r.outputs);
    }
    return { rows: count, run };
  },
};
