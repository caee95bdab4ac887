import { compileModel } from "../model/compile.js";
import { hostInterpreter } from "../model/golden-vectors.js";
import type { Rounding } from "../model/rounding.js";
import type { Predictor } from "./predictor.js";

/** The int8 model as the device runs it: compiled to a pack, and run by the device's interpreter. */
export function int8Predictor(tflite: Uint8Array, rounding: Rounding = "tflm"): Predictor {
  const interpreter = hostInterpreter(compileModel(tflite, { rounding }).pack);
  const { input, output } = interpreter;
  const { inputScale, inputZeroPoint, outputScale, outputZeroPoint } = interpreter.pack;
  return (features, at, out) => {
    for (let i = 0; i < input.length; i++) {
      const quantized = Math.floor(features[at + i]! / inputScale + inputZeroPoint + 0.5);
      input[i] = Math.min(127, Math.max(-128, quantized));
    }
    interpreter.invoke();
    for (let o = 0; o < output.length; o++) out[o] = (output[o]! - outputZeroPoint) * outputScale;
  };
}
