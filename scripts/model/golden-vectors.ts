import { Interpreter } from "../../lib/nn/interpreter.js";
import { openModelPack } from "../../lib/nn/model-pack.js";
import { hostNative } from "./host-native.js";
import { kernels } from "./kernels.js";

/** An input with the output the model must give for it, in raw bytes. */
export interface GoldenVector {
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

const COUNT = 2;
/** Large inputs take room from the weights: one is enough for them. */
const GREATEST_BYTES = 8192;

/** Runs a pack over raw input tensors, one after another, and returns the outputs the same way. */
export function runPack(pack: Uint8Array, inputs: Uint8Array): Uint8Array {
  const interpreter = hostInterpreter(pack);
  const { input, output } = interpreter;
  const records = inputs.length / input.length;
  const outputs = new Uint8Array(records * output.length);
  for (let k = 0; k < records; k++) {
    input.set(inputs.subarray(k * input.length, (k + 1) * input.length));
    interpreter.invoke();
    outputs.set(output, k * output.length);
  }
  return outputs;
}

/** An interpreter on the host, prepared, with every operator a pack may name. */
export function hostInterpreter(pack: Uint8Array): Interpreter {
  const buffer = new Uint8Array(pack).buffer;
  const interpreter = new Interpreter(openModelPack(buffer), Object.values(kernels), hostNative);
  interpreter.prepare();
  return interpreter;
}

/**
 * Vectors for the device's self-test: inputs spread over their whole range by a fixed sequence, outputs from the host.
 * Float inputs get numbers between -1 and 1.
 */
export function goldenVectors(pack: Uint8Array, float: boolean): GoldenVector[] {
  const { length } = hostInterpreter(pack).input;
  const count = length * COUNT > GREATEST_BYTES ? 1 : COUNT;
  let state = 0x2545f491;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return Array.from({ length: count }, () => {
    const input = float
      ? new Uint8Array(Float32Array.from({ length: length / 4 }, () => next() / 2 ** 31 - 1).buffer)
      : Uint8Array.from({ length }, () => next() >>> 24);
    return { input, output: runPack(pack, input) };
  });
}
