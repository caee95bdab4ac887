import type { TfliteRuntime } from "../../../lib/hal/tflite-runtime.js";

/** The firmware's TensorFlow Lite Micro. A build takes this file only where the model runs on it. */
export const tensorflow: TfliteRuntime = {
  create: (arenaBytes, model) => require("tensorflow").create(arenaBytes, model),
};
