import { modelNotInt8, operatorUnsupported } from "../errors/model.js";
import type { LoweredModel } from "./lowered.js";
import { Lowering, Node, type LoweringOptions } from "./lowering.js";
import { operatorLowerings } from "./operators/index.js";
import type { TfliteModel } from "./tflite/tflite-model.js";

/**
 * Turns a model into operators of the device: constants prepared, activations fused, requantization fitted and proved.
 * @throws SertaoError MODEL_OPERATOR_UNSUPPORTED, MODEL_NOT_INT8, MODEL_INTERFACE, MODEL_TOO_BIG
 */
export function lower(model: TfliteModel, options: LoweringOptions): LoweredModel {
  const lowering = new Lowering(model, options);
  // Values begin with the input, so that a report lists them in the order they come to life.
  for (const index of model.inputs) lowering.value(model.tensors[index]!);
  for (const operator of model.operators) {
    const node = new Node(lowering, operator);
    refuseFloat(node);
    const found = operatorLowerings.find(({ name }) => name === operator.name);
    if (found === undefined) throw operatorUnsupported(node.label, "this operator is not supported");
    if (operator.version > found.version) {
      throw operatorUnsupported(
        node.label,
        `version ${operator.version} is newer than ${found.version}, the last known`,
      );
    }
    found.lower(node);
  }
  return lowering.finish();
}

/** A float model is the commonest mistake: say so, rather than that some operator does not support a type. */
function refuseFloat(node: Node): void {
  const { name, inputs, outputs } = node.operator;
  if (name === "QUANTIZE" || name === "DEQUANTIZE") return;
  for (const index of [...inputs.slice(0, 1), ...outputs]) {
    const tensor = node.lowering.model.tensors[index];
    if (tensor?.type === "float32") throw modelNotInt8(node.label, tensor.type);
  }
}
