import { PackHeader } from "../../../lib/nn/pack-format.js";
import type { ModelPack } from "../../../lib/nn/model-pack.js";
import { elementBytes, type TensorType, type TfliteModel } from "../tflite/tflite-model.js";

/** The output of one of a model's operators. */
export interface Layer {
  /** Index of the operator in the model. */
  readonly node: number;
  readonly operator: string;
  /** Index of the tensor in the model. */
  readonly tensor: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: TensorType;
  /** real = scale * (stored - zeroPoint); undefined where the tensor has none. */
  readonly scale: number | undefined;
  readonly zeroPoint: number | undefined;
}

/** An operator's output in a model. */
export function layerOf({ operators, tensors }: TfliteModel, node: number, tensor: number): Layer {
  const { name, shape, type, scales, zeroPoints } = tensors[tensor]!;
  const operator = operators[node]!.name;
  return { node, operator, tensor, name, shape, type, scale: scales[0], zeroPoint: zeroPoints[0] };
}

const ELEMENT_TYPES: readonly TensorType[] = ["int8", "float32", "int16"];

/** Element type of a pack's input or output. */
export function packElementType(pack: ModelPack, side: "input" | "output"): TensorType {
  const types = pack.field(PackHeader.TYPES);
  return ELEMENT_TYPES[(side === "input" ? types : types >>> 8) & 255] ?? "int8";
}

/** All that a pack tells of its layers: its output tensor. */
export function packOutput(pack: ModelPack): Layer {
  const type = packElementType(pack, "output");
  const shape = [pack.field(PackHeader.OUTPUT_BYTES) / elementBytes(type)];
  const { outputScale: scale, outputZeroPoint: zeroPoint } = pack;
  return { node: 0, operator: "output", tensor: -1, name: "output", shape, type, scale, zeroPoint };
}

/** Elements of a layer. */
export function layerElements({ shape }: Layer): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The stored numbers of a layer. */
export function storedValues({ type }: Layer, bytes: Uint8Array): ArrayLike<number> {
  // A copy, because the bytes may lie at any address.
  const { buffer } = bytes.slice();
  if (type === "float32") return new Float32Array(buffer);
  if (type === "int16") return new Int16Array(buffer);
  return new Int8Array(buffer);
}

/** What a stored number stands for. */
export function realValue({ type, scale, zeroPoint }: Layer, stored: number): number {
  return type === "float32" || scale === undefined ? stored : scale * (stored - (zeroPoint ?? 0));
}
