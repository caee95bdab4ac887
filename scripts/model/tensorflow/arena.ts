import { elementBytes, type TfliteModel, type TfliteOperator, type TfliteTensor } from "../tflite/tflite-model.js";
import { greedyPlanBytes, type PlannedBuffer } from "./greedy-plan.js";

/*
 * How much memory the TensorFlow Lite Micro of Espruino's firmware takes for a model: its allocations, one after
 * another, as micro_allocator.cc, micro_interpreter.cc and the kernels of Espruino 2v29 make them. What stays is taken
 * from the end of the arena, tensors from the beginning.
 */

/** Bytes of a pointer on the engine's processor. */
export type PointerBytes = 4 | 8;

const BUFFER_ALIGNMENT = 16;
/** `create` refuses less. */
const LEAST_BYTES = 512;
/** Options of an operator: the largest kind. */
const OPTIONS_BYTES = 40;
/** What the planner notes of a buffer. */
const PLANNER_BYTES = 40;
/** Firmware's own part of the piece of memory that the arena is in: reporter, resolver, interpreter, alignment. */
const INTERPRETER_BYTES = { 4: 576, 8: 1072 } as const;
const TENSOR_BYTES = { 4: 40, 8: 64 } as const;
/** What an operator keeps between its preparation and its runs. */
const KERNEL_BYTES: Readonly<Record<string, number>> = { CONV_2D: 64, DEPTHWISE_CONV_2D: 64, SOFTMAX: 80, RESHAPE: 0 };
const OTHER_KERNEL_BYTES = 32;

/** Memory of a model in the firmware. */
export interface FirmwareMemory {
  /** What `create` must be asked for. */
  readonly arenaBytes: number;
  /** All that it allocates. */
  readonly totalBytes: number;
}

/** Memory that the firmware's TensorFlow needs for a model. */
export function firmwareMemory(model: TfliteModel, pointerBytes: PointerBytes): FirmwareMemory {
  const { tensors, operators } = model;
  const p = pointerBytes;
  const tail = new Tail();
  tail.take(7 * p, p);
  tail.take(6 * p, p);
  tail.take(3 * p * tensors.length, p);
  tail.take(7 * p * operators.length, p);
  for (const { name } of operators) if (name !== "QUANTIZE" && name !== "DEQUANTIZE") tail.take(OPTIONS_BYTES, 4);
  for (const { name } of operators) tail.take(KERNEL_BYTES[name] ?? OTHER_KERNEL_BYTES, BUFFER_ALIGNMENT);
  let most = 0;
  for (const operator of operators) {
    if (isConvolution(operator)) {
      const channels = tensors[operator.outputs[0]!]!.shape[3] ?? 0;
      tail.take(4 * channels, BUFFER_ALIGNMENT);
      tail.take(4 * channels, BUFFER_ALIGNMENT);
    }
    const looked = looks(operator).reduce((sum, index) => sum + tensorBytes(tensors[index]!, p), 0);
    most = Math.max(most, tail.used + looked);
  }
  const buffers = plannedBuffers(model);
  const plan = greedyPlanBytes(buffers);
  const notes = alignUp(tail.used + (16 + 2 * p) * tensors.length, p) + PLANNER_BYTES * buffers.length;
  most = Math.max(most, notes + 2 * BUFFER_ALIGNMENT, alignUp(tail.used, BUFFER_ALIGNMENT) + plan);
  // Asked for its input and output, the interpreter describes each once more, for good.
  for (const index of [model.inputs[0]!, model.outputs[0]!]) tail.take(tensorBytes(tensors[index]!, p), p);
  most = Math.max(most, tail.used + plan, LEAST_BYTES);
  const arenaBytes = alignUp(most, BUFFER_ALIGNMENT);
  return { arenaBytes, totalBytes: arenaBytes + INTERPRETER_BYTES[p] };
}

/** Takes memory from the end of the arena, downwards. */
class Tail {
  used = 0;

  take(bytes: number, alignment: number): void {
    this.used = alignUp(this.used + bytes, alignment);
  }
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function isConvolution({ name }: TfliteOperator): boolean {
  return name === "CONV_2D" || name === "DEPTHWISE_CONV_2D";
}

/** Tensors that are described while an operator is prepared: a convolution asks for most of its own twice. */
function looks(operator: TfliteOperator): number[] {
  const { inputs, outputs, name } = operator;
  if (isConvolution(operator)) return [...inputs, ...inputs.slice(0, 2), ...outputs, ...outputs];
  return [...(name === "FULLY_CONNECTED" ? inputs : inputs.slice(0, 1)), ...outputs];
}

/** A tensor's description: itself, its quantization, its zero points. */
function tensorBytes({ scales }: TfliteTensor, p: PointerBytes): number {
  const quantization = scales.length > 0 ? 3 * p + alignUp(4 + 4 * scales.length, p) : 0;
  return TENSOR_BYTES[p] + quantization;
}

/** Activations with their lives. */
function plannedBuffers({ tensors, operators, inputs, outputs }: TfliteModel): PlannedBuffer[] {
  return tensors.flatMap((tensor) => {
    if (tensor.data !== undefined) return [];
    const { index } = tensor;
    const written = operators.findIndex((operator) => operator.outputs.includes(index));
    const read = operators.findLastIndex((operator) => operator.inputs.includes(index));
    const bytes = alignUp(tensor.elements * elementBytes(tensor.type), BUFFER_ALIGNMENT);
    return [
      {
        bytes,
        first: inputs.includes(index) ? 0 : written,
        last: outputs.includes(index) ? operators.length - 1 : read,
      },
    ];
  });
}
