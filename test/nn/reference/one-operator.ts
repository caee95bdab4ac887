import { compileModel, type CompileOptions } from "../../../scripts/model/compile.js";
import { runPack } from "../../../scripts/model/golden-vectors.js";
import type { OperatorDescription, TensorDescription } from "../../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../../scripts/model/tflite/writer.js";

/** An int8 tensor with one scale. */
export function int8(shape: readonly number[], scale: number, zeroPoint: number, data?: Int8Array): TensorDescription {
  return {
    name: "t",
    shape,
    type: "int8",
    quantization: { scale: [Math.fround(scale)], zeroPoint: [zeroPoint] },
    ...(data && { data }),
  };
}

/** A constant of int32. */
export function int32(values: readonly number[], shape: readonly number[] = [values.length]): TensorDescription {
  return { name: "c", shape, type: "int32", data: Int32Array.from(values) };
}

/** The file of a model that is one operator: the first tensor is its input, the last its output. */
export function oneOperator(
  operator: OperatorDescription["operator"],
  tensors: readonly TensorDescription[],
  options: OperatorDescription["options"] = {},
): Uint8Array {
  const last = tensors.length - 1;
  const inputs = tensors.slice(0, -1).map((_, i) => i);
  return writeTflite({
    tensors,
    operators: [{ operator, inputs, outputs: [last], options }],
    inputs: [0],
    outputs: [last],
  });
}

/** Compiles a model and runs one record on the host, by the backend asked for. */
export function runModelOnce(file: Uint8Array, input: Int8Array, options: CompileOptions): Int8Array {
  const { pack } = compileModel(file, options);
  return new Int8Array(runPack(pack, new Uint8Array(input.buffer, input.byteOffset, input.byteLength)).buffer);
}
