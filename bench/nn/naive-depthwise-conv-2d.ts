import type { Operator } from "../../lib/nn/operator.js";
import { prepareNaive } from "./naive-window.js";

/** DEPTHWISE_CONV_2D as the reference kernels have it. */
export const naiveDepthwiseConv2d: Operator = { code: 3, prepare: (context) => prepareNaive(context, true) };
