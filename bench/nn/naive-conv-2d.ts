import type { Operator } from "../../lib/nn/operator.js";
import { prepareNaive } from "./naive-window.js";

/** CONV_2D as the reference kernels have it. */
export const naiveConv2d: Operator = { code: 2, prepare: (context) => prepareNaive(context, false) };
