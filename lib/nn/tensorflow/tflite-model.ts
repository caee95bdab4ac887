import { DeviceError } from "../../core/device-error.js";
import { ErrorCode } from "../../core/error-code.js";
import type { TfliteInterpreter, TfliteRuntime } from "../../hal/tflite-runtime.js";
import type { OperatorContext } from "../operator-context.js";
import type { Kernel, Operator } from "../operator.js";

/**
 * A whole model, run by the TensorFlow Lite Micro of the engine's firmware. It cannot be stopped in the middle: the one
 * row is all of it. What that runtime would get wrong or not at all, the compiler refuses.
 * Parameters: bytes of the runtime's arena, bytes of the input and the input, bytes of the output and the output, bytes
 * of the `.tflite` file and the file.
 * @throws DeviceError RUNTIME_REFUSED (detail: bytes of the arena)
 */
export function tfliteModel(runtime: TfliteRuntime): Operator {
  return {
    code: 67,
    prepare(context: OperatorContext): Kernel {
      const arenaBytes = context.size();
      const inputBytes = context.size();
      const input = context.arena(inputBytes);
      const outputBytes = context.size();
      const output = context.arena(outputBytes);
      const model = context.int8(context.size());
      let interpreter: TfliteInterpreter;
      let from: Int8Array;
      let to: Int8Array;
      try {
        interpreter = runtime.create(arenaBytes, model);
        to = bytesOf(interpreter.getInput());
        from = bytesOf(interpreter.getOutput());
      } catch (_) {
        throw new DeviceError(ErrorCode.RUNTIME_REFUSED, arenaBytes);
      }
      if (to.length !== inputBytes || from.length !== outputBytes) context.fail();

      function run(): void {
        to.set(input);
        interpreter.invoke();
        output.set(from);
      }
      return { rows: 1, run };
    },
  };
}

function bytesOf(view: ArrayBufferView): Int8Array {
  return new Int8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}
