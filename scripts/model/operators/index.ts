import type { OperatorLowering } from "../lowering.js";
import { lowerDequantize } from "./dequantize.js";
import { lowerFullyConnected } from "./fully-connected.js";
import { lowerLogistic } from "./logistic.js";
import { lowerQuantize } from "./quantize.js";
import { lowerRelu, lowerRelu6, lowerReluN1To1 } from "./relu.js";
import { lowerExpandDims, lowerReshape, lowerSqueeze } from "./reshape.js";
import { lowerSoftmax } from "./softmax.js";

/** Every operator of TensorFlow Lite that can be compiled. A new one is a file here and a line below. */
export const operatorLowerings: readonly OperatorLowering[] = [
  lowerFullyConnected,
  lowerRelu,
  lowerRelu6,
  lowerReluN1To1,
  lowerSoftmax,
  lowerLogistic,
  lowerReshape,
  lowerSqueeze,
  lowerExpandDims,
  lowerQuantize,
  lowerDequantize,
];
