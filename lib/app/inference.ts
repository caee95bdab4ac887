import { ErrorCode } from "../core/error-code.js";
import type { Interpreter } from "../nn/interpreter.js";
import type { SampleWindow } from "../sensing/sample-window.js";
import { ModelResult } from "../uplink/model-result.js";
import { ReportPolicy } from "../uplink/report-policy.js";
import type { Uplink } from "../uplink/uplink.js";
import { Priority } from "../outbox/outbox.js";
import type { AppDefinition } from "./define-app.js";

/** Window → features → model → report policies → uplink. */
export class Inference {
  /** Inferences made. */
  made = 0;
  /** Inferences not made, because a sensor that the features need had failed. */
  skipped = 0;

  private readonly _inputs: Float32Array;
  private readonly _result = new ModelResult();
  readonly _policies: ReportPolicy[];

  constructor(
    private readonly _app: AppDefinition,
    private readonly _interpreter: Interpreter,
    private readonly _uplink: Uplink,
  ) {
    this._inputs = new Float32Array(_interpreter.input.length);
    this._policies = _app.outputs.map((output) => new ReportPolicy(output.report));
  }

  /** Runs the model on a window and reports what its policies find due. */
  run(window: SampleWindow, nowMs: number): void {
    const inputs = this._inputs;
    if (!this._app.features(window, inputs) || !this._quantize(inputs)) {
      this.skipped++;
      return;
    }
    if (this._interpreter.invoke() !== ErrorCode.OK) return;
    this.made++;
    for (let i = 0; i < this._app.outputs.length; i++) this._report(i, nowMs);
  }

  /** Real-valued features → int8 input tensor, rounded to nearest; false where one is not a number. */
  private _quantize(inputs: Float32Array): boolean {
    const pack = this._interpreter.pack;
    const tensor = this._interpreter.input;
    for (let i = 0; i < inputs.length; i++) {
      const value = inputs[i]!;
      if (value !== value) return false;
      const quantized = Math.floor(value / pack.inputScale + pack.inputZeroPoint + 0.5);
      tensor[i] = quantized < -128 ? -128 : quantized > 127 ? 127 : quantized;
    }
    return true;
  }

  private _report(output: number, nowMs: number): void {
    const policy = this._policies[output]!;
    this._result.capture(this._interpreter, this._app.outputs[output]!.index);
    const value = this._result.value();
    if (!policy.due(value, nowMs)) return;
    const sequence = this._uplink.report(output, this._result, policy.above(value) ? Priority.ALARM : Priority.NORMAL);
    // A record that the outbox refused was not reported: the policy will find it due again.
    if (sequence >= 0) policy.reported(value, nowMs);
  }
}
