import type { FlatTable } from "./flat-table.js";
import type { TfliteOperator } from "./tflite-model.js";
import { operatorSchema, WRITER_OPERATORS, type OperatorName, type OptionField } from "./writer-operators.js";

/** The value of one option, enumerations by name. */
export type OptionView = number | boolean | string | readonly number[];

/** Members of the schema's enumerations, by number. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  padding: ["SAME", "VALID"],
  fused_activation_function: ["NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"],
};

/**
 * The options of an operator by the names of the schema, defaults included; undefined where the operator has none, or
 * is not one that this project knows.
 * @throws SertaoError MODEL_CORRUPT
 */
export function operatorOptions({ name, options }: TfliteOperator): Readonly<Record<string, OptionView>> | undefined {
  if (options === undefined || !(name in WRITER_OPERATORS)) return undefined;
  const fields = operatorSchema(name as OperatorName).options?.fields ?? [];
  return Object.fromEntries(fields.map((field, slot) => [field.name, optionView(options, field, slot)]));
}

function optionView(options: FlatTable, { name, kind, standard }: OptionField, slot: number): OptionView {
  if (kind === "int32[]") return options.int32s(slot);
  if (kind === "float32") return options.float32(slot, standard);
  if (kind === "int32") return options.int32(slot, standard);
  const byte = options.int8(slot, standard);
  if (kind === "bool") return byte !== 0;
  return NAMES[name]?.[byte] ?? byte;
}

/** Fields that the words below take together, or that say nothing of what the operator computes. */
const TOLD =
  /^(padding|fused_activation_function|stride_[wh]|filter_(width|height)|dilation_[wh]_factor|pot_scale_int16|new_shape)$/;

/** Options in a few words: what differs from the usual. */
export function optionsText(options: Readonly<Record<string, OptionView>> | undefined): string {
  if (options === undefined) return "";
  const both = (noun: string, name: (side: string) => string, usual: number): string[] => {
    const [height, width] = [options[name("h")], options[name("w")]];
    return height === undefined || (height === usual && width === usual) ? [] : [`${noun} ${height}×${width}`];
  };
  const { padding, fused_activation_function: activation } = options;
  const words = [
    ...(padding === undefined ? [] : [String(padding)]),
    ...both("window", (side) => `filter_${side === "h" ? "height" : "width"}`, 0),
    ...both("stride", (side) => `stride_${side}`, 1),
    ...both("dilation", (side) => `dilation_${side}_factor`, 1),
    ...(activation === undefined || activation === "NONE" ? [] : [String(activation)]),
  ];
  for (const [name, value] of Object.entries(options)) {
    if (TOLD.test(name) || value === false || value === 0) continue;
    words.push(value === true ? name : `${name} ${Array.isArray(value) ? value.join("×") : String(value)}`);
  }
  return words.join(", ");
}
