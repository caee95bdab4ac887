/** How one field of an options table is stored. Its position in the list is its slot. */
export interface OptionField {
  readonly name: string;
  readonly kind: "byte" | "bool" | "int32" | "float32" | "int32[]";
  /** The schema's default, which is not stored. */
  readonly standard: number;
}

interface OperatorSchema {
  /** BuiltinOperator. */
  readonly code: number;
  /** Version that TFLite's converter writes for int8 tensors. */
  readonly version: number;
  /** Member of the BuiltinOptions union and its fields; absent where the operator has none. */
  readonly options?: { readonly type: number; readonly fields: readonly OptionField[] };
}

const field = (name: string, kind: OptionField["kind"], standard = 0): OptionField => ({ name, kind, standard });
const int = (name: string, standard = 0): OptionField => field(name, "int32", standard);
const bool = (name: string, standard = 0): OptionField => field(name, "bool", standard);
const activation = field("fused_activation_function", "byte");
const window = [field("padding", "byte"), int("stride_w"), int("stride_h")];
const dilation = [int("dilation_w_factor", 1), int("dilation_h_factor", 1)];
const pool = { type: 5, fields: [...window, int("filter_width"), int("filter_height"), activation] };
const sum = [activation, bool("pot_scale_int16", 1)];
const reducer = { type: 27, fields: [bool("keep_dims")] };

/**
 * Operators that can be written: codes, union members and field order of tensorflow/lite/schema/schema.fbs (version 3),
 * versions of tensorflow/lite/tools/versioning/op_version.cc.
 */
export const WRITER_OPERATORS = {
  ADD: { code: 0, version: 2, options: { type: 11, fields: sum } },
  AVERAGE_POOL_2D: { code: 1, version: 2, options: pool },
  CONCATENATION: { code: 2, version: 2, options: { type: 10, fields: [int("axis"), activation] } },
  CONV_2D: { code: 3, version: 3, options: { type: 1, fields: [...window, activation, ...dilation] } },
  DEPTHWISE_CONV_2D: {
    code: 4,
    version: 3,
    options: { type: 2, fields: [...window, int("depth_multiplier"), activation, ...dilation] },
  },
  DEQUANTIZE: { code: 6, version: 2, options: { type: 38, fields: [] } },
  FULLY_CONNECTED: {
    code: 9,
    version: 4,
    options: {
      type: 8,
      fields: [activation, field("weights_format", "byte"), bool("keep_num_dims"), bool("asymmetric_quantize_inputs")],
    },
  },
  LOGISTIC: { code: 14, version: 2 },
  MAX_POOL_2D: { code: 17, version: 2, options: pool },
  MUL: { code: 18, version: 2, options: { type: 21, fields: [activation] } },
  RELU: { code: 19, version: 2 },
  RELU_N1_TO_1: { code: 20, version: 1 },
  RELU6: { code: 21, version: 2 },
  RESHAPE: { code: 22, version: 1, options: { type: 17, fields: [field("new_shape", "int32[]")] } },
  SOFTMAX: { code: 25, version: 2, options: { type: 9, fields: [field("beta", "float32")] } },
  TANH: { code: 28, version: 2 },
  PAD: { code: 34, version: 2, options: { type: 22, fields: [] } },
  TRANSPOSE: { code: 39, version: 2, options: { type: 26, fields: [] } },
  MEAN: { code: 40, version: 2, options: reducer },
  SUB: { code: 41, version: 3, options: { type: 28, fields: sum } },
  SQUEEZE: { code: 43, version: 2, options: { type: 30, fields: [field("squeeze_dims", "int32[]")] } },
  STRIDED_SLICE: {
    code: 45,
    version: 2,
    options: {
      type: 32,
      fields: ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"].map((name) => int(name)),
    },
  },
  SPLIT: { code: 49, version: 2, options: { type: 35, fields: [int("num_splits")] } },
  MAXIMUM: { code: 55, version: 2, options: { type: 39, fields: [] } },
  ARG_MAX: { code: 56, version: 2, options: { type: 40, fields: [field("output_type", "byte")] } },
  MINIMUM: { code: 57, version: 2, options: { type: 39, fields: [] } },
  SLICE: { code: 65, version: 2, options: { type: 48, fields: [] } },
  EXPAND_DIMS: { code: 70, version: 1, options: { type: 52, fields: [] } },
  SUM: { code: 74, version: 2, options: reducer },
  RESIZE_NEAREST_NEIGHBOR: {
    code: 97,
    version: 2,
    options: { type: 74, fields: [bool("align_corners"), bool("half_pixel_centers")] },
  },
  LEAKY_RELU: { code: 98, version: 2, options: { type: 75, fields: [field("alpha", "float32")] } },
  QUANTIZE: { code: 114, version: 1, options: { type: 89, fields: [] } },
  HARD_SWISH: { code: 117, version: 1, options: { type: 91, fields: [] } },
} as const satisfies Record<string, OperatorSchema>;

export type OperatorName = keyof typeof WRITER_OPERATORS;

/** The schema of one operator, without the literal types of the table. */
export function operatorSchema(name: OperatorName): OperatorSchema {
  return WRITER_OPERATORS[name];
}
