import type { Node } from "./lowering.js";
import type { Parameter } from "./lowered.js";
import { ints } from "./parameters.js";
import type { TfliteTensor } from "./tflite/tflite-model.js";

/** How a window moves over an image; the numbers of `Window` in lib/nn. */
export interface WindowGeometry {
  readonly inHeight: number;
  readonly inWidth: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly height: number;
  readonly width: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/** The parts of an operator's options that place its window. */
export interface WindowOptions {
  /** 0 SAME, 1 VALID. */
  readonly padding: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Works out a window's geometry and checks that the output has the shape it gives.
 * Source: tensorflow/lite/kernels/padding.h.
 */
export function windowGeometry(
  node: Node,
  input: TfliteTensor,
  output: TfliteTensor,
  options: WindowOptions,
): WindowGeometry {
  const { padding, height, width, strideY, strideX, dilationY, dilationX } = options;
  const [batches, inHeight, inWidth, channels] = input.shape;
  if (input.shape.length !== 4 || output.shape.length !== 4) node.refuse("its tensors are not 4-D");
  if (batches !== 1 || output.shape[0] !== 1) node.refuse(`its batch size is ${batches}, not 1`);
  for (const value of [height, width, strideY, strideX, dilationY, dilationX]) {
    if (!(value >= 1 && value <= 65535)) node.refuse(`a window, stride or dilation is ${value}`);
  }
  if (padding !== 0 && padding !== 1) node.refuse(`its padding ${padding} is not supported`);
  const same = padding === 0;
  const [outHeight, padTop] = along(inHeight!, height, strideY, dilationY, same);
  const [outWidth, padLeft] = along(inWidth!, width, strideX, dilationX, same);
  if (outHeight !== output.shape[1] || outWidth !== output.shape[2]) {
    node.refuse(`its output is ${output.shape[1]}×${output.shape[2]} instead of ${outHeight}×${outWidth}`);
  }
  return {
    inHeight: inHeight!,
    inWidth: inWidth!,
    channels: channels!,
    outHeight,
    outWidth,
    height,
    width,
    strideY,
    strideX,
    dilationY,
    dilationX,
    padTop,
    padLeft,
  };
}

function along(size: number, window: number, stride: number, dilation: number, same: boolean): [number, number] {
  const reach = (window - 1) * dilation + 1;
  if (!same) return [Math.ceil((size - reach + 1) / stride), 0];
  const out = Math.ceil(size / stride);
  return [out, Math.floor(Math.max(0, (out - 1) * stride + reach - size) / 2)];
}

/** True where a window is one pixel of the image itself. */
export function isDirect({ height, width, padTop, padLeft }: WindowGeometry): boolean {
  return height * width === 1 && padTop === 0 && padLeft === 0;
}

/** What `readWindow` of lib/nn reads. */
export function windowParameters(w: WindowGeometry): Parameter[] {
  return ints(
    w.inHeight,
    w.inWidth,
    w.channels,
    w.outHeight,
    w.outWidth,
    w.height,
    w.width,
    w.strideY,
    w.strideX,
    w.dilationY,
    w.dilationX,
    w.padTop,
    w.padLeft,
  );
}
