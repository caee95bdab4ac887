import { modelNotInt8 } from "../errors/model.js";
import type { Node } from "./lowering.js";
import type { TfliteTensor } from "./tflite/tflite-model.js";

/** Scale and zero point of a tensor that has one of each. */
export interface Quantization {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Quantization of an int8 activation. */
export function int8Quantization(node: Node, tensor: TfliteTensor): Quantization {
  if (tensor.type !== "int8") throw modelNotInt8(node.label, tensor.type);
  return perTensor(node, tensor);
}

/** Scale and zero point of a tensor of any type. */
export function perTensor(node: Node, tensor: TfliteTensor): Quantization {
  const scale = tensor.scales[0];
  const zeroPoint = tensor.zeroPoints[0];
  if (tensor.scales.length !== 1 || scale === undefined || zeroPoint === undefined) {
    node.refuse(`${tensor.name} has ${tensor.scales.length} scales instead of one`);
  }
  if (!(scale > 0) || !Number.isFinite(scale)) node.refuse(`${tensor.name} has scale ${scale}`);
  const [least, greatest] = tensor.type === "int16" ? [-32768, 32767] : [-128, 127];
  if (!(zeroPoint >= least && zeroPoint <= greatest)) node.refuse(`${tensor.name} has zero point ${zeroPoint}`);
  return { scale, zeroPoint };
}

/** Least and greatest int8 output that a fused activation lets through. */
export function activationRange(node: Node, activation: number, output: Quantization): { low: number; high: number } {
  const quantize = (real: number): number => output.zeroPoint + roundAwayFromZero(Math.fround(real / output.scale));
  const clamp = (value: number): number => Math.max(-128, Math.min(127, value));
  if (activation === 0) return { low: -128, high: 127 };
  if (activation === 1) return { low: clamp(quantize(0)), high: 127 };
  if (activation === 2) return { low: clamp(quantize(-1)), high: clamp(quantize(1)) };
  if (activation === 3) return { low: clamp(quantize(0)), high: clamp(quantize(6)) };
  return node.refuse(`its fused activation ${activation} is not supported`);
}

/** C's round(): ties away from zero. */
export function roundAwayFromZero(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

/** Quantization of an operator that only moves bytes: its tensors must have the same. */
export function sameQuantization(node: Node, input: TfliteTensor, output: TfliteTensor): Quantization {
  const from = int8Quantization(node, input);
  const to = int8Quantization(node, output);
  if (from.scale !== to.scale || from.zeroPoint !== to.zeroPoint) node.refuse("it changes the scale");
  return to;
}
