import type { OperatorContext } from "../operator-context.js";
import { readDenseRows } from "../dense-rows.js";
import type { Kernel, Operator } from "../operator.js";
import { requantizeRow } from "../requantizer.js";

/**
 * FULLY_CONNECTED with one native call per output: `convolve` over views of the weight rows.
 * Parameters as for the loops form.
 */
export const fullyConnected: Operator = {
  code: 1,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native) return context.fail();
    const batches = context.size();
    const stride = context.size();
    const dense = readDenseRows(context);
    const depth = dense.depth;
    const units = dense.units;
    const input = context.arena(batches * depth);
    const output = context.arena((batches - 1) * stride + units);
    const rows: Int8Array[] = [];
    for (let i = 0; i < units; i++) {
      rows.push(new Int8Array(dense.weights.buffer as ArrayBuffer, dense.weights.byteOffset + i * depth, depth));
    }
    const inputs: Int8Array[] = [];
    for (let i = 0; i < batches; i++) {
      inputs.push(new Int8Array(input.buffer as ArrayBuffer, input.byteOffset + i * depth, depth));
    }

    function run(from: number, to: number): void {
      const convolve = native!.convolve;
      const bias = dense.bias;
      const sums = dense.sums;
      for (let row = from; row < to; row++) {
        const batch = (row / units) | 0;
        const unit = row - batch * units;
        sums[unit] = convolve(inputs[batch]!, rows[unit]!, 0) + bias[unit]!;
        requantizeRow(dense.requantizer, sums, unit, unit + 1, output, batch * stride);
      }
    }
    return { rows: batches * units, run };
  },
};
