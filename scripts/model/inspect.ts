import { operatorOptions, type OptionView } from "./tflite/operator-options.js";
import type { TfliteModel, TfliteTensor } from "./tflite/tflite-model.js";

export interface TensorView {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly scale: number | undefined;
  readonly zeroPoint: number | undefined;
  /** Number of scales, where the tensor has more than one. */
  readonly channels: number | undefined;
  /** These scales and their zero points, one for each slice along an axis. */
  readonly scales: readonly number[] | undefined;
  readonly zeroPoints: readonly number[] | undefined;
  readonly axis: number | undefined;
  readonly constantBytes: number | undefined;
  /** True for state that outlives an invocation. */
  readonly isVariable: boolean;
}

export interface OperatorView {
  readonly index: number;
  readonly name: string;
  readonly version: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** By the names of the schema; undefined where it has none, or the operator is not known. */
  readonly options: Readonly<Record<string, OptionView>> | undefined;
  /** Bytes of its constants. */
  readonly parameterBytes: number;
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
  const operators = model.operators.map((operator) => {
    const { index, name, version, inputs, outputs } = operator;
    return {
      index,
      name,
      version,
      inputs,
      outputs,
      options: operatorOptions(operator),
      parameterBytes: inputs.reduce((sum, input) => sum + (tensors[input]?.constantBytes ?? 0), 0),
      macs: countMacs(model, index),
    };
  });
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
  const { index, name, type, shape, scales, zeroPoints, dimension, data, isVariable } = tensor;
  const several = scales.length > 1;
  return {
    index,
    name,
    type,
    shape,
    scale: scales[0],
    zeroPoint: zeroPoints[0],
    channels: several ? scales.length : undefined,
    scales: several ? scales : undefined,
    zeroPoints: several ? zeroPoints : undefined,
    axis: several ? dimension : undefined,
    constantBytes: data?.length,
    isVariable,
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
