import type { TfliteModel, TfliteTensor } from "./tflite/tflite-model.js";

export interface TensorView {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly scale: number | undefined;
  readonly zeroPoint: number | undefined;
  /** Scales along an axis, where the tensor has more than one. */
  readonly channels: number | undefined;
  readonly constantBytes: number | undefined;
}

export interface OperatorView {
  readonly index: number;
  readonly name: string;
  readonly version: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Multiply-accumulates, 0 for operators that have none. */
  readonly macs: number;
}

export interface ModelView {
  readonly description: string;
  readonly inputs: readonly TensorView[];
  readonly outputs: readonly TensorView[];
  readonly operators: readonly OperatorView[];
  readonly tensors: readonly TensorView[];
  readonly macs: number;
  readonly parameterBytes: number;
}

/** What is in a `.tflite` file, without compiling it: float and unsupported models can be looked at too. */
export function inspectModel(model: TfliteModel): ModelView {
  const tensors = model.tensors.map(viewTensor);
  const operators = model.operators.map(({ index, name, version, inputs, outputs }) => ({
    index,
    name,
    version,
    inputs,
    outputs,
    macs: countMacs(model, index),
  }));
  return {
    description: model.description,
    inputs: model.inputs.map((index) => tensors[index]!),
    outputs: model.outputs.map((index) => tensors[index]!),
    operators,
    tensors,
    macs: operators.reduce((sum, { macs }) => sum + macs, 0),
    parameterBytes: tensors.reduce((sum, { constantBytes }) => sum + (constantBytes ?? 0), 0),
  };
}

function viewTensor(tensor: TfliteTensor): TensorView {
  const { index, name, type, shape, scales, zeroPoints, data } = tensor;
  return {
    index,
    name,
    type,
    shape,
    scale: scales[0],
    zeroPoint: zeroPoints[0],
    channels: scales.length > 1 ? scales.length : undefined,
    constantBytes: data?.length,
  };
}

function countMacs({ tensors, operators }: TfliteModel, index: number): number {
  const { name, inputs, outputs } = operators[index]!;
  const weights = tensors[inputs[1] ?? -1];
  const output = tensors[outputs[0] ?? -1];
  if (weights === undefined || output === undefined) return 0;
  const channels = weights.shape[0] ?? 1;
  if (name === "FULLY_CONNECTED" || name === "CONV_2D") return (output.elements * weights.elements) / channels;
  if (name === "DEPTHWISE_CONV_2D") return output.elements * (weights.shape[1] ?? 1) * (weights.shape[2] ?? 1);
  return 0;
}
