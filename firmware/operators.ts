import type { OpResolver } from "../lib/nn/op-resolver.js";
import { dequantize } from "../lib/nn/operators/dequantize.js";
import { fullyConnected } from "../lib/nn/operators/fully-connected.js";
import { quantize } from "../lib/nn/operators/quantize.js";
import { softmax } from "../lib/nn/operators/softmax.js";
import { table } from "../lib/nn/operators/table.js";

/** Every operator, in its loops form. A build replaces this list by the operators of its model. */
export const operators: OpResolver = [fullyConnected, table, softmax, quantize, dequantize];
