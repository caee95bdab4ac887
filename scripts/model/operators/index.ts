import type { OperatorLowering } from "../lowering.js";
import { lowerAdd, lowerSub } from "./add.js";
import { lowerConcatenation } from "./concatenation.js";
import { lowerConv2d } from "./conv-2d.js";
import { lowerDepthwiseConv2d } from "./depthwise-conv-2d.js";
import { lowerDequantize } from "./dequantize.js";
import { lowerFullyConnected } from "./fully-connected.js";
import { lowerHardSwish } from "./hard-swish.js";
import { lowerLeakyRelu } from "./leaky-relu.js";
import { lowerLogistic } from "./logistic.js";
import { lowerMean } from "./mean.js";
import { lowerMul } from "./mul.js";
import { lowerPad } from "./pad.js";
import { lowerAveragePool2d, lowerMaxPool2d } from "./pool-2d.js";
import { lowerQuantize } from "./quantize.js";
import { lowerRelu, lowerRelu6, lowerReluN1To1 } from "./relu.js";
import { lowerExpandDims, lowerReshape, lowerSqueeze } from "./reshape.js";
import { lowerSoftmax } from "./softmax.js";
import { lowerStridedSlice } from "./strided-slice.js";
import { lowerTanh } from "./tanh.js";
import { lowerTranspose } from "./transpose.js";

/** Every operator of TensorFlow Lite that can be compiled. A new one is a file here and a line below. */
export const operatorLowerings: readonly OperatorLowering[] = [
  lowerConv2d,
  lowerDepthwiseConv2d,
  lowerAveragePool2d,
  lowerMaxPool2d,
  lowerMean,
  lowerAdd,
  lowerSub,
  lowerMul,
  lowerFullyConnected,
  lowerRelu,
  lowerRelu6,
  lowerReluN1To1,
  lowerSoftmax,
  lowerLogistic,
  lowerReshape,
  lowerTranspose,
  lowerTanh,
  lowerStridedSlice,
  lowerPad,
  lowerLeakyRelu,
  lowerHardSwish,
  lowerConcatenation,
  lowerSqueeze,
  lowerExpandDims,
  lowerQuantize,
  lowerDequantize,
];
