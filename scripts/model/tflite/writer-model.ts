import type { OperatorName } from "./writer-operators.js";

/** Element types of the schema's TensorType that this project writes. */
export const TENSOR_TYPE_CODES = {
  float32: 0,
  int32: 2,
  uint8: 3,
  int64: 4,
  bool: 6,
  int16: 7,
  int8: 9,
} as const;

export type TensorElementType = keyof typeof TENSOR_TYPE_CODES;

/** real = scale * (stored - zeroPoint): one of each, or one per slice along `dimension`. */
export interface TensorQuantization {
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  readonly dimension?: number;
  /** Range seen while calibrating, kept for people; runtimes ignore it. */
  readonly min?: readonly number[];
  readonly max?: readonly number[];
}

export interface TensorDescription {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: TensorElementType;
  /** Elements of a constant, in row-major order and of the array type that fits `type`. */
  readonly data?: ArrayBufferView;
  readonly quantization?: TensorQuantization;
  /** State that an operator keeps between invocations. */
  readonly isVariable?: boolean;
}

/** A field of an operator's options, named as in the schema: `stride_w`, `fused_activation_function`, `new_shape`. */
export type OptionValue = number | boolean | readonly number[];

export interface OperatorDescription {
  readonly operator: OperatorName;
  /** Indices into `tensors`; -1 for an optional input that is absent. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Fields left out have the schema's defaults. */
  readonly options?: Readonly<Record<string, OptionValue>>;
  /** Operator version; without it that of TFLite's converter for int8 tensors. */
  readonly version?: number;
}

/** One subgraph as plain data. */
export interface ModelDescription {
  readonly description?: string;
  readonly tensors: readonly TensorDescription[];
  readonly operators: readonly OperatorDescription[];
  /** Indices into `tensors`. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** The schema's Padding. */
export const PADDING = { SAME: 0, VALID: 1 } as const;

/** The schema's ActivationFunctionType. */
export const ACTIVATION = { NONE: 0, RELU: 1, RELU_N1_TO_1: 2, RELU6: 3, TANH: 4 } as const;
