import type { Operator } from "./operator.js";
import { dequantize } from "./operators/dequantize.js";
import { fullyConnected } from "./operators/fully-connected.js";
import { quantize } from "./operators/quantize.js";
import { softmax } from "./operators/softmax.js";
import { table } from "./operators/table.js";

/**
 * Every operator in its loops form, by the name that compiler and bundler use: `FULLY_CONNECTED` is exported as
 * `fullyConnected` by operators/fully-connected.ts. A new operator is a file there and a line here.
 */
export const allOperators: { readonly [name: string]: Operator } = {
  FULLY_CONNECTED: fullyConnected,
  TABLE: table,
  SOFTMAX: softmax,
  QUANTIZE: quantize,
  DEQUANTIZE: dequantize,
};
