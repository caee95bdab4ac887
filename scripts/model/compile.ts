import type { BackendName, Board } from "../../boards/board.js";
import { ElementType } from "../../lib/nn/pack-format.js";
import { labelCount, modelNotInt8 } from "../errors/model.js";
import { chosenBackend } from "./backends.js";
import { compileReport, type CompileReport } from "./compile-report.js";
import { goldenVectors } from "./golden-vectors.js";
import { choosePlan } from "./choose-plan.js";
import { planMemory } from "./memory-plan.js";
import type { PlanName } from "./plan.js";
import { writePack, type TensorDescription } from "./pack-writer.js";
import type { Rounding } from "./rounding.js";
import { lowerWhole, type FirmwareTarget } from "./tensorflow/lower-whole.js";
import { readTflite } from "./tflite/reader.js";
import type { TfliteModel, TfliteTensor } from "./tflite/tflite-model.js";

export interface CompileOptions {
  /** Which runtime's bits to reproduce. */
  readonly rounding: Rounding;
  /** Names of the outputs, in order. */
  readonly labels?: readonly string[];
  /** The model's version, 1 where left out. */
  readonly version?: number;
  /** Whose backend and memory to compile for; whether the model fits, `boardFit` says. */
  readonly board?: Board;
  /** Whose fastest forms to use; the board's where left out, or loops. */
  readonly backend?: BackendName;
  /** Which native forms to use; the fastest that the board has memory for where left out. */
  readonly plan?: PlanName;
  /** Bytes of scratch memory that native forms may use to be faster. */
  readonly scratchBudget?: number;
  /** Uses the exact integer form of requantization throughout: for tests and measurements. */
  readonly exactOnly?: boolean;
}

export interface CompiledModel {
  /** The `.smod` file. */
  readonly pack: Uint8Array;
  readonly report: CompileReport;
}

/**
 * Compiles a `.tflite` file to a model pack.
 * @throws SertaoError with a MODEL_ code, or BACKEND_MISSING
 */
export function compileModel(tflite: Uint8Array, options: CompileOptions): CompiledModel {
  const model = readTflite(tflite);
  const { rounding, board } = options;
  const backend = chosenBackend(options.backend, board);
  const isWhole = backend === "tensorflow";
  const portable = choosePlan(model, { ...options, backend: isWhole ? "loops" : backend });
  const lowered = isWhole
    ? lowerWhole(tflite, model, portable.lowered, portable.options, firmwareTarget(board))
    : portable.lowered;
  const memory = isWhole ? planMemory(lowered) : portable.memory;
  const input = describe(model, model.inputs[0]!);
  const output = describe(model, model.outputs[0]!);
  const labels = options.labels ?? [];
  checkLabels(labels, model.tensors[model.outputs[0]!]!);
  const description = {
    version: options.version ?? 1,
    input,
    output,
    labels,
    rounding: rounding === "xnnpack" ? 1 : 0,
  };
  // What the host can run says what any other form must give.
  const bare = writePack(portable.lowered, portable.memory, { ...description, goldens: [] });
  const goldens = goldenVectors(bare, input.type === ElementType.FLOAT32);
  const pack = writePack(lowered, memory, { ...description, goldens });
  const nativePlan = backend === "espruino" ? portable.plan : undefined;
  return { pack, report: compileReport(backend, nativePlan, model, lowered, memory, pack) };
}

/** Where nothing is known of the board, what is true of most and enough for all. */
function firmwareTarget(board: Board | undefined): FirmwareTarget {
  if (board === undefined) return { pointerBytes: 8, isMapped: true };
  return {
    pointerBytes: board.pointerBytes ?? 4,
    isMapped: board.lacks.every(({ name }) => name !== "mapped flash"),
  };
}

function describe(model: TfliteModel, index: number): TensorDescription {
  const tensor = model.tensors[index]!;
  const types = { int8: ElementType.INT8, float32: ElementType.FLOAT32, int16: ElementType.INT16 } as const;
  const type = types[tensor.type as keyof typeof types];
  if (type === undefined) throw modelNotInt8(tensor.name, tensor.type);
  return { type, scale: tensor.scales[0] ?? 1, zeroPoint: tensor.zeroPoints[0] ?? 0 };
}

function checkLabels(labels: readonly string[], output: TfliteTensor): void {
  if (labels.length > 0 && labels.length !== output.elements) {
    throw labelCount(`There are ${labels.length} labels for ${output.elements} outputs`);
  }
  const bad = labels.find((label) => label.length > 255 || !/^[ -~]*$/.test(label));
  if (bad !== undefined) throw labelCount(`The label ${JSON.stringify(bad)} cannot be stored`);
}
