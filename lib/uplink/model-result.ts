import type { Interpreter } from "../nn/interpreter.js";

/**
 * One output element of a model. The uplink reports nothing else, and only an interpreter can fill one: a raw sample
 * has no way to the network.
 */
export class ModelResult {
  private _value = NaN;

  /** Takes element `index` of the interpreter's output, as the real number it stands for. */
  capture(interpreter: Interpreter, index: number): void {
    const pack = interpreter.pack;
    this._value = (interpreter.output[index]! - pack.outputZeroPoint) * pack.outputScale;
  }

  value(): number {
    return this._value;
  }
}
