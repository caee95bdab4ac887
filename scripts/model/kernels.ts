import type { BackendName } from "../../boards/board.js";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { allOperators } from "../../lib/nn/all-operators.js";
import { espruinoOperators } from "../../lib/nn/espruino-operators.js";
import type { Operator } from "../../lib/nn/operator.js";
import { tfliteModel } from "../../lib/nn/tensorflow/tflite-model.js";

/** The operator that is a whole model, for the firmware's TensorFlow; here there is none. */
const tensorflowOperators: Readonly<Record<string, Operator>> = {
  TFLITE_MODEL: tfliteModel({
    create(arenaBytes) {
      throw new DeviceError(ErrorCode.RUNTIME_REFUSED, arenaBytes);
    },
  }),
};

/** Every operator that a pack may name: the loops forms, and those for one backend. */
export const kernels: Readonly<Record<string, Operator>> = {
  ...allOperators,
  ...espruinoOperators,
  ...tensorflowOperators,
};

/** The operator of a name. Throws RangeError. */
export function operatorNamed(name: string): Operator {
  const operator = kernels[name];
  if (operator === undefined) throw new RangeError(`there is no operator ${name}`);
  return operator;
}

/** The one backend that has the operator; undefined where all have it. */
export function onlyBackend(name: string): BackendName | undefined {
  if (name in espruinoOperators) return "espruino";
  return name in tensorflowOperators ? "tensorflow" : undefined;
}
