import type { FlatTable } from "./flat-table.js";

/** Element types of the schema's TensorType, by number. */
export const TENSOR_TYPES = [
  "float32",
  "float16",
  "int32",
  "uint8",
  "int64",
  "string",
  "bool",
  "int16",
  "complex64",
  "int8",
  "float64",
  "complex128",
  "uint64",
  "resource",
  "variant",
  "uint32",
  "uint16",
  "int4",
  "bfloat16",
] as const;

export type TensorType = (typeof TENSOR_TYPES)[number];

export interface TfliteTensor {
  readonly index: number;
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly elements: number;
  /** Bytes of a constant, in place in the file. */
  readonly data: Uint8Array | undefined;
  /** real = scale * (stored - zeroPoint): none, one, or one per slice along `dimension`. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly dimension: number;
  /** State that outlives an invocation. */
  readonly isVariable: boolean;
}

export interface TfliteOperator {
  readonly index: number;
  /** Name of the schema's BuiltinOperator, or "CUSTOM name". */
  readonly name: string;
  readonly version: number;
  /** Tensor indexes; -1 for an optional input that is absent. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

/** The first subgraph of a `.tflite` file. */
export interface TfliteModel {
  readonly description: string;
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Bytes of one element. */
export function elementBytes(type: TensorType): number {
  if (type === "float32" || type === "int32" || type === "uint32") return 4;
  if (type === "int64" || type === "float64" || type === "uint64" || type === "complex64") return 8;
  return type === "int16" || type === "float16" || type === "uint16" || type === "bfloat16" ? 2 : 1;
}
