import { addNative } from "./espruino/add-native.js";
import { conv2dLean } from "./espruino/conv-2d-lean.js";
import { conv2dNative } from "./espruino/conv-2d-native.js";
import { depthwiseConv2dNative } from "./espruino/depthwise-conv-2d-native.js";
import { depthwiseConv2dLean } from "./espruino/depthwise-conv-2d-lean.js";
import { fullyConnectedNative } from "./espruino/fully-connected-native.js";
import type { Operator } from "./operator.js";

/**
 * Operators whose packs only the `espruino` backend can run, by name; named and placed as in all-operators.ts, in the
 * folder espruino/. That folder also has native forms of operators that read the same pack as the loops.
 */
export const espruinoOperators: { readonly [name: string]: Operator } = {
  CONV_2D_NATIVE: conv2dNative,
  DEPTHWISE_CONV_2D_NATIVE: depthwiseConv2dNative,
  FULLY_CONNECTED_NATIVE: fullyConnectedNative,
  CONV_2D_LEAN: conv2dLean,
  DEPTHWISE_CONV_2D_LEAN: depthwiseConv2dLean,
  ADD_NATIVE: addNative,
};
