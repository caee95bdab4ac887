import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";
import { preparePool, type PoolFunction } from "../pool.js";
import { createStridedSum, stridedSum, type StridedSum } from "./strided-sum.js";

/** AVERAGE_POOL_2D for Espruino: the values under a window are summed natively. Parameters as for the loops form. */
export const averagePool2d: Operator = {
  code: 7,
  prepare(context: OperatorContext): Kernel {
    const native = context.native;
    if (!native) return context.fail();
    let sum: StridedSum | undefined;
    let shape = 0;

    const pool: PoolFunction = (image, start, rows, bytes, rowStep, step) => {
      // A whole number: Espruino divides to a float, which takes a variable more to keep.
      const columns = (bytes / step) | 0;
      // Windows at the edges are smaller: the positions are worked out anew when the size changes.
      const wanted = rows * 65536 + columns;
      if (!sum || shape !== wanted) {
        const positions = new Uint16Array(rows * columns);
        let i = 0;
        for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) positions[i++] = y * rowStep + x * step;
        sum = createStridedSum(positions);
        shape = wanted;
      }
      const total = stridedSum(sum, native, image, start);
      const count = rows * columns;
      const half = count >> 1;
      return ((total > 0 ? total + half : total - half) / count) | 0;
    };
    const kernel = preparePool(context, pool);

    function run(from: number, to: number): void {
      kernel.run(from, to);
      // Nothing that a run allocates outlives it.
      sum = undefined;
    }
    return { rows: kernel.rows, run };
  },
};
