import { backendRefused, modelTooBig } from "../../errors/model.js";
import { operatorNamed } from "../kernels.js";
import type { LoweredModel, Parameter } from "../lowered.js";
import type { LoweringOptions } from "../lowering.js";
import { at, int } from "../parameters.js";
import { elementBytes, type TfliteModel } from "../tflite/tflite-model.js";
import { firmwareMemory, type PointerBytes } from "./arena.js";
import { refuseForFirmware } from "./refusals.js";

/** A `.tflite` file must lie in one segment of the pack, and in one piece of memory. */
const GREATEST_FILE_BYTES = 60000;
const FILE_ALIGNMENT = 16;
/** Espruino makes no views further into a buffer. */
const GREATEST_OFFSET = 65535;
/** Node of the operator that is all of the model's. */
const WHOLE = -1;

/** Where a model runs in the firmware's own TensorFlow. */
export interface FirmwareTarget {
  readonly pointerBytes: PointerBytes;
  /** True where the pack's flash is mapped into memory, so that the file is used in place. */
  readonly isMapped: boolean;
}

/**
 * A model as one operator that holds the whole file, for the firmware's TensorFlow.
 * @param portable the same model, lowered for the kernels of lib/nn: they can run it, and say what it must give
 * @throws SertaoError MODEL_BACKEND, MODEL_TOO_BIG
 */
export function lowerWhole(
  file: Uint8Array,
  model: TfliteModel,
  portable: LoweredModel,
  options: LoweringOptions,
  { pointerBytes, isMapped }: FirmwareTarget,
): LoweredModel {
  refuseForFirmware(file, model, options);
  if (file.length > GREATEST_FILE_BYTES) {
    throw modelTooBig(`The file has ${file.length} bytes, and the tensorflow backend takes ${GREATEST_FILE_BYTES}`);
  }
  const { arenaBytes, totalBytes } = firmwareMemory(model, pointerBytes);
  if (totalBytes > GREATEST_OFFSET) {
    throw backendRefused("The model", `its arena of ${arenaBytes} bytes reaches further than Espruino's views`);
  }
  const ends = [model.inputs[0]!, model.outputs[0]!];
  const values = ends.map((tensor, id) => {
    const { name, elements, type } = model.tensors[tensor]!;
    return { id, name, bytes: elements * elementBytes(type), alignment: elementBytes(type) };
  });
  const parameters: Parameter[] = [
    int(arenaBytes),
    ...values.flatMap(({ id, bytes }) => [int(bytes), at(id)]),
    int(file.length),
    { kind: "constant", bytes: file, alignment: FILE_ALIGNMENT },
  ];
  const sum = (count: "macs" | "outputs"): number =>
    portable.operators.reduce((total, operator) => total + operator[count], 0);
  const { code } = operatorNamed("TFLITE_MODEL");
  const last = model.operators.findLast(({ outputs }) => outputs.includes(ends[1]!));
  return {
    values,
    operators: [
      {
        kernel: "TFLITE_MODEL",
        code,
        node: WHOLE,
        reads: [0],
        writes: [1],
        inPlace: undefined,
        parameters,
        scratchBytes: 0,
        keptVars: 0,
        passingVars: 0,
        macs: sum("macs"),
        outputs: sum("outputs"),
      },
    ],
    outputs: last === undefined ? [] : [{ node: last.index, tensor: ends[1]!, value: 1, bytes: values[1]!.bytes }],
    input: 0,
    output: 1,
    fits: { single: 0, split: 0, exact: 0 },
    engineBytes: totalBytes + (isMapped ? 0 : file.length),
  };
}
