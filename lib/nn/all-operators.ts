import type { Operator } from "./operator.js";
import { add } from "./operators/add.js";
import { averagePool2d } from "./operators/average-pool-2d.js";
import { conv2d } from "./operators/conv-2d.js";
import { copy } from "./operators/copy.js";
import { depthwiseConv2d } from "./operators/depthwise-conv-2d.js";
import { dequantize } from "./operators/dequantize.js";
import { exactRequantize } from "./operators/exact-requantize.js";
import { fill } from "./operators/fill.js";
import { fullyConnected } from "./operators/fully-connected.js";
import { maxPool2d } from "./operators/max-pool-2d.js";
import { mean } from "./operators/mean.js";
import { mul } from "./operators/mul.js";
import { quantize } from "./operators/quantize.js";
import { requantize } from "./operators/requantize.js";
import { softmax } from "./operators/softmax.js";
import { table } from "./operators/table.js";

/**
 * Every operator in its loops form, by the name that compiler and bundler use: `FULLY_CONNECTED` is exported as
 * `fullyConnected` by operators/fully-connected.ts. A new operator is a file there and a line here.
 */
export const allOperators: { readonly [name: string]: Operator } = {
  FULLY_CONNECTED: fullyConnected,
  CONV_2D: conv2d,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  TABLE: table,
  SOFTMAX: softmax,
  ADD: add,
  AVERAGE_POOL_2D: averagePool2d,
  MAX_POOL_2D: maxPool2d,
  MEAN: mean,
  MUL: mul,
  COPY: copy,
  FILL: fill,
  QUANTIZE: quantize,
  DEQUANTIZE: dequantize,
  REQUANTIZE: requantize,
  EXACT_REQUANTIZE: exactRequantize,
};
