/** TensorFlow Lite Micro as a part of the engine's firmware. What it can run: docs/models.md. */
export interface TfliteRuntime {
  /**
   * Makes an interpreter of a `.tflite` file, with `arenaBytes` of memory for its tensors. The file is used in place
   * where the engine can, and must not change. Throws what the engine throws where it refuses.
   */
  create(arenaBytes: number, model: Int8Array): TfliteInterpreter;
}

/** One model, ready to run. Names are the engine's. */
export interface TfliteInterpreter {
  /** The input tensor, of the model's own element type: a view that stays valid. */
  getInput(): ArrayBufferView;
  /** The output tensor, likewise. */
  getOutput(): ArrayBufferView;
  invoke(): void;
}
