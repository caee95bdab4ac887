import type { TfliteRuntime } from "../../../lib/hal/tflite-runtime.js";
import { allocate } from "./native.js";

/** The firmware's TensorFlow Lite Micro. A build takes this file only where the model runs on it. */
export const tensorflow: TfliteRuntime = {
  create: (arenaBytes, model) => {
    let file = model;
    // Flash that is not mapped into memory cannot be read in place.
    if (!E.getAddressOf(model, true)) {
      file = new Int8Array(allocate(model.length));
      file.set(model);
    }
    return require("tensorflow").create(arenaBytes, file);
  },
};
