import { Interpreter } from "../../../lib/nn/interpreter.js";
import { openModelPack } from "../../../lib/nn/model-pack.js";
import type { OpResolver } from "../../../lib/nn/op-resolver.js";
import { espruinoForms } from "../../../scripts/fuzz/espruino-forms.js";
import { compileModel, type CompileOptions } from "../../../scripts/model/compile.js";
import { hostNative } from "../../../scripts/model/host-native.js";
import { kernels } from "../../../scripts/model/kernels.js";
import type { OperatorDescription, TensorDescription } from "../../../scripts/model/tflite/writer-model.js";
import { writeTflite } from "../../../scripts/model/tflite/writer.js";
import { withCuttingArrays } from "./cutting-array.js";

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

/**
 * The file of a model that is one operator: the first tensor is its input, the last its output.
 * @param order of the operator's inputs, where it is not that of the tensors
 */
export function oneOperator(
  operator: OperatorDescription["operator"],
  tensors: readonly TensorDescription[],
  options: OperatorDescription["options"] = {},
  order?: readonly number[],
): Uint8Array {
  const last = tensors.length - 1;
  const inputs = order ?? tensors.slice(0, -1).map((_, i) => i);
  return writeTflite({
    tensors,
    operators: [{ operator, inputs, outputs: [last], options }],
    inputs: [0],
    outputs: [last],
  });
}

/**
 * The file of a model whose operator has two activations for inputs: the halves of the model's input, of `count` elements
 * each.
 */
export function twoHalves(
  operator: OperatorDescription["operator"],
  count: number,
  scales: readonly [number, number, number],
  zeros: readonly [number, number, number],
  options: OperatorDescription["options"] = {},
): Uint8Array {
  const half = (from: number): OperatorDescription => ({
    operator: "STRIDED_SLICE",
    inputs: [0, 4 + from, 6 + from, 8],
    outputs: [1 + from],
  });
  return writeTflite({
    tensors: [
      int8([2, count], scales[0], zeros[0]),
      int8([1, count], scales[0], zeros[0]),
      int8([1, count], scales[0], zeros[0]),
      int8([1, count], scales[2], zeros[2]),
      int32([0, 0]),
      int32([1, 0]),
      int32([1, count]),
      int32([2, count]),
      int32([1, 1]),
    ],
    operators: [half(0), half(1), { operator, inputs: [1, 2], outputs: [3], options }],
    inputs: [0],
    outputs: [3],
  });
}

/** Every form that the espruino backend has, before the loops that it uses otherwise. */
const native: OpResolver = [...(await espruinoForms()), ...Object.values(kernels)];

/**
 * Compiles a model and runs one record on the host, by the backend asked for, in the forms that backend has: those of
 * Espruino twice, with both kinds of clamping array.
 */
export function runModelOnce(file: Uint8Array, input: ArrayBufferView, options: CompileOptions): Int8Array {
  const { pack } = compileModel(file, options);
  if (options.backend !== "espruino") return runOnce(pack, input, Object.values(kernels));
  const rounding = runOnce(pack, input, native);
  const cutting = withCuttingArrays(() => runOnce(pack, input, native));
  if (rounding.join() !== cutting.join())
    throw new Error(`clamping arrays differ: ${rounding.join()} and ${cutting.join()}`);
  return rounding;
}

function runOnce(pack: Uint8Array, input: ArrayBufferView, operators: OpResolver): Int8Array {
  const interpreter = new Interpreter(openModelPack(new Uint8Array(pack).buffer), operators, hostNative);
  interpreter.prepare();
  const bytes = new Int8Array(input.buffer, input.byteOffset, input.byteLength);
  interpreter.input.set(bytes);
  interpreter.invoke();
  // Nothing of one run is left in the next.
  const first = interpreter.output.slice();
  interpreter.input.set(bytes);
  interpreter.invoke();
  if (first.join() !== interpreter.output.join()) throw new Error("a second run gives another output");
  // An operator that writes beyond its output meets its input there, or the end of the arena.
  if (interpreter.operatorCount() === 1 && !overlap(interpreter.input, interpreter.output)) {
    const kept = interpreter.input.join() === bytes.join();
    if (!kept) throw new Error("the input was overwritten");
  }
  return interpreter.output;
}

function overlap(a: Int8Array, b: Int8Array): boolean {
  return a.byteOffset < b.byteOffset + b.length && b.byteOffset < a.byteOffset + a.length;
}
