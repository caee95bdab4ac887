import { backendRefused } from "../../errors/model.js";
import { Lowering, Node, type LoweringOptions } from "../lowering.js";
import { activationRange, perTensor } from "../quantization.js";
import { FlatTable } from "../tflite/flat-table.js";
import type { TfliteModel, TfliteTensor } from "../tflite/tflite-model.js";

/*
 * What the TensorFlow Lite Micro in Espruino's firmware (2v29) lacks or gets wrong, where TensorFlow Lite's reference
 * kernels are right: libs/tensorflow/tensorflow.cc for the operators it has, its kernels for the rest. It checks little
 * itself: some of these models would end the engine.
 */

const SCHEMA_VERSION = 3;
const SAME_PADDING = 0;
/** A plan of its own for the arena, which the firmware would follow. */
const OFFLINE_PLAN = "OfflineMemoryAllocation";

type Check = (node: Node) => string | undefined;

const nothing: Check = () => undefined;

/** The operators that the firmware has. */
const CHECKS: Readonly<Record<string, Check>> = {
  CONV_2D: (node) => biased(node) ?? channelsAlong(node, 0),
  DEPTHWISE_CONV_2D: (node) => biased(node) ?? channelsAlong(node, 3) ?? depthwise(node),
  AVERAGE_POOL_2D: nothing,
  MAX_POOL_2D: nothing,
  FULLY_CONNECTED: (node) => biased(node) ?? dense(node),
  SOFTMAX: nothing,
  QUANTIZE: nothing,
  DEQUANTIZE: nothing,
  RESHAPE: (node) => (node.operator.inputs.length > 2 ? "it has more than two inputs" : undefined),
};

/**
 * Refuses what the firmware cannot run as the reference kernels do.
 * @throws SertaoError MODEL_BACKEND
 */
export function refuseForFirmware(bytes: Uint8Array, model: TfliteModel, options: LoweringOptions): void {
  if (options.rounding !== "tflm") {
    throw backendRefused("The model", `the firmware rounds as tflm does, not as ${options.rounding}`);
  }
  const lowering = new Lowering(model, options);
  for (const operator of model.operators) {
    const node = new Node(lowering, operator);
    const check = CHECKS[operator.name];
    const problem =
      check === undefined
        ? `the firmware has ${Object.keys(CHECKS).join(", ")}, and no ${operator.name}`
        : operator.inputs.includes(-1)
          ? "an input is left out, and the firmware would read memory that is none"
          : check(node);
    if (problem !== undefined) throw backendRefused(node.label, problem);
  }
  for (const tensor of model.tensors) {
    const problem = tensorProblem(model, tensor);
    if (problem !== undefined) throw backendRefused(tensor.name, problem);
  }
  const problem = fileProblem(bytes);
  if (problem !== undefined) throw backendRefused("The file", problem);
}

function biased({ operator }: Node): string | undefined {
  return operator.inputs.length < 3 ? "it has no bias, and the firmware reads one" : undefined;
}

/** Per-channel scales must lie along the axis of the output channels: others are not looked at, or refused. */
function channelsAlong(node: Node, axis: number): string | undefined {
  const { scales, dimension } = node.input(1);
  return scales.length > 1 && dimension !== axis ? `its scales lie along axis ${dimension}` : undefined;
}

function depthwise(node: Node): string | undefined {
  const { options } = node.operator;
  const input = node.input(0);
  const output = node.output();
  const { low, high } = activationRange(node, options?.int8(4, 0) ?? 0, perTensor(node, output));
  if (low > -128 || high < 127) return "the firmware leaves out its fused activation";
  const dilated = (options?.int32(5, 1) ?? 1) > 1 || (options?.int32(6, 1) ?? 1) > 1;
  if (dilated && (options?.int8(0, 0) ?? 0) === SAME_PADDING) return "the firmware pads a dilated window wrongly";
  const multiplier = options?.int32(3, 0) ?? 0;
  const channels = input.shape[3]! * multiplier;
  return channels === output.shape[3] ? undefined : `its depth multiplier of ${multiplier} is wrong`;
}

function dense(node: Node): string | undefined {
  const weights = node.input(1);
  const output = node.output();
  if (weights.scales.length > 1) return "the firmware takes its first scale for all units";
  if (output.shape.length !== 2 || output.shape[1] !== weights.shape[0]) {
    return `its output is [${output.shape.join()}], and the firmware wants [batches, units]`;
  }
  const product = node.input(0).scales[0]! * weights.scales[0]!;
  const difference = Math.abs(product - (node.input(2).scales[0] ?? 0));
  if (!(difference / output.scales[0]! <= 0.02)) return "its bias has another scale than its products";
  return undefined;
}

/** The firmware's planner wants every activation written and read. */
function tensorProblem({ operators, inputs, outputs }: TfliteModel, tensor: TfliteTensor): string | undefined {
  const { index, data, isVariable, type } = tensor;
  if (isVariable) return "it keeps a state";
  if (data !== undefined) {
    return type === "int32" && data.byteOffset % 4 !== 0 ? "its numbers are not aligned in the file" : undefined;
  }
  const isWritten = inputs.includes(index) || operators.some((operator) => operator.outputs.includes(index));
  const isRead = outputs.includes(index) || operators.some((operator) => operator.inputs.includes(index));
  return isWritten && isRead ? undefined : "nothing uses it";
}

/** What the firmware reads of a file and this compiler does not. */
function fileProblem(bytes: Uint8Array): string | undefined {
  const root = FlatTable.root(bytes);
  const version = root.int32(0, 0);
  if (version !== SCHEMA_VERSION) return `its schema has version ${version} instead of ${SCHEMA_VERSION}`;
  // The firmware knows the operator code in a byte only, as files had it until 2020; newer ones have both.
  if (root.tables(1).some((code) => code.int8(0, 0) !== Math.max(code.int8(0, 0), code.int32(3, 0)))) {
    return "it has operator codes in the new form only";
  }
  if (root.tables(6).some((metadata) => metadata.text(0).startsWith(OFFLINE_PLAN))) return "it plans the arena itself";
  const operators = root.tables(2)[0]?.tables(3) ?? [];
  return operators.some((operator) => operator.bytes(5) !== undefined) ? "an operator has custom options" : undefined;
}
