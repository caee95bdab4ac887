import { errorKind } from "./sertao-error.js";

export const notTflite = errorKind(
  "MODEL_NOT_TFLITE",
  "The file is neither a TensorFlow Lite model nor a model pack.",
  (name: string) => `${name} does not begin as a .tflite or .smod file does.`,
  "Name a model file.",
);

export const tfliteCorrupt = errorKind(
  "MODEL_CORRUPT",
  "A .tflite file points outside itself, or its tables contradict each other.",
  (what: string) => `The model is damaged: ${what}.`,
  "Export or copy it again.",
);

export const modelNotInt8 = errorKind(
  "MODEL_NOT_INT8",
  "A tensor of the model is not quantized to int8.",
  (node: string, type: string) => `${node} works on ${type}, and only int8 runs on the device.`,
  "Quantize the model to full int8, for example with: sertao quantize.",
);

export const operatorUnsupported = errorKind(
  "MODEL_OPERATOR_UNSUPPORTED",
  "The model uses an operator, a version or an option of one that Sertão does not have.",
  (node: string, what: string) => `${node}: ${what}.`,
  "Replace it in the model; docs/models.md lists what is supported.",
);

export const backendRefused = errorKind(
  "MODEL_BACKEND",
  "The TensorFlow of the firmware cannot run the model, or would give other bits than asked for.",
  (where: string, what: string) => `The tensorflow backend cannot run it. ${where}: ${what}.`,
  "Use --backend espruino, which runs all operators of docs/models.md.",
);

export const modelInterface = errorKind(
  "MODEL_INTERFACE",
  "The model does not have exactly one input and one output.",
  (inputs: number, outputs: number) => `The model has ${inputs} inputs and ${outputs} outputs.`,
  "Export it with one of each: join several with CONCATENATION.",
);

export const modelTooBig = errorKind(
  "MODEL_TOO_BIG",
  "The model is larger than any board here can hold.",
  (what: string) => `${what}.`,
  "Make the model smaller.",
);

export const modelDoesNotFit = errorKind(
  "MODEL_DOES_NOT_FIT",
  "The compiled model needs more memory or flash than the board has.",
  (board: string, reasons: string) => `The model does not fit ${board}: ${reasons}.`,
  "Make the model smaller, or choose a larger board.",
);

export const packRefused = errorKind(
  "MODEL_PACK_REFUSED",
  "A .smod file is damaged, or of a version that this release cannot read.",
  (cause: string) => `The model pack cannot be read: ${cause}.`,
  "Compile the model again.",
);

export const inputSize = errorKind(
  "MODEL_INPUT_SIZE",
  "The input file does not hold a whole number of input tensors.",
  (bytes: number, record: number) => `The input has ${bytes} bytes, which is not a multiple of ${record}.`,
  "Give raw little-endian input tensors, one after another.",
);

export const labelCount = errorKind(
  "MODEL_LABELS",
  "The labels do not fit the model's output.",
  (problem: string) => `${problem}.`,
  "Give one label per line, as many as the model has outputs, each of at most 255 ASCII characters.",
);

export const planUnknown = errorKind(
  "MODEL_PLAN",
  "There is no plan of the name given.",
  (name: string, known: string) => `There is no plan "${name}": there are ${known}.`,
  "Use fast or lean, or leave it to the board.",
);

export const roundingUnknown = errorKind(
  "MODEL_ROUNDING",
  "The rounding asked for does not exist, or a pack was compiled with the other one.",
  (problem: string) => `${problem}.`,
  "Use tflm or xnnpack, and compile the .tflite file again to change it.",
  2,
);

export const modelsDiffer = errorKind(
  "MODEL_STRUCTURES_DIFFER",
  "Two models to be compared do not have the same operators with outputs of the same shapes and types.",
  (problem: string) => `The models cannot be compared: ${problem}.`,
  "Compare two versions of one network, or one model with itself on another engine.",
);

export const recordMissing = errorKind(
  "MODEL_RECORD_MISSING",
  "The record asked for is not in the input file.",
  (record: string, records: number) => `There is no record ${record}: the input holds ${records}, counted from 0.`,
  "Name one of them with --record.",
  2,
);

export const tapsNeedModel = errorKind(
  "MODEL_DUMP_NEEDS_TFLITE",
  "A dump was asked of a model pack, which does not know its tensors.",
  () => "A model pack does not say where its tensors are.",
  "Name the .tflite file.",
);
