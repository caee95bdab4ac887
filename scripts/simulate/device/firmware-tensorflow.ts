import type { Interpreter } from "../../../lib/nn/interpreter.js";
import { compileModel } from "../../model/compile.js";
import { hostInterpreter } from "../../model/golden-vectors.js";
import { firmwareMemory } from "../../model/tensorflow/arena.js";
import { readTflite } from "../../model/tflite/reader.js";

/**
 * The TensorFlow of Espruino's firmware, for the code in a simulated device: the kernels of lib/nn run the model, which
 * give the same bits. What the firmware would refuse is refused.
 */
export class FirmwareTensorflow {
  readonly #models: Interpreter[] = [];

  /**
   * Makes an interpreter of a `.tflite` file. Throws where the firmware would.
   * @returns its number, then element type and bytes of input and output
   */
  create(arenaBytes: number, file: Uint8Array): string {
    const model = readTflite(file);
    compileModel(file, { rounding: "tflm", backend: "tensorflow" });
    if (arenaBytes < firmwareMemory(model, 4).arenaBytes) throw new Error("Arena size is too small");
    const interpreter = hostInterpreter(compileModel(file, { rounding: "tflm", backend: "loops" }).pack);
    const id = this.#models.push(interpreter) - 1;
    const types = [model.inputs[0]!, model.outputs[0]!].map((index) => model.tensors[index]!.type);
    return [id, types[0], interpreter.input.length, types[1], interpreter.output.length].join(" ");
  }

  /** Runs a model on raw input bytes and returns its output. */
  invoke(id: number, input: ArrayBuffer): ArrayBuffer {
    const interpreter = this.#models[id];
    if (interpreter === undefined) throw new Error("TFMicroInterpreter structure corrupted");
    interpreter.input.set(new Int8Array(input));
    interpreter.invoke();
    return interpreter.output.slice().buffer;
  }
}
