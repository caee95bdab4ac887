import type { FitCounts, NodeOutput } from "./lowered.js";
import type { MemoryPlan } from "./memory-plan.js";
import { boardFit, type BoardFit } from "./board-fit.js";
import type { PlannedModel } from "./choose-plan.js";
import type { CompileOptions } from "./compile.js";
import type { PlanName } from "./plan.js";
import type { TfliteModel } from "./tflite/tflite-model.js";

/** One operator as the device runs it. */
export interface OperatorReport {
  /** Index and name of the model's operator. */
  readonly node: number;
  readonly operator: string;
  /** Name in the device's list of operators. */
  readonly kernel: string;
  readonly macs: number;
  /** Elements it writes. */
  readonly outputs: number;
  /** Bytes of its constants, before equal ones are shared. */
  readonly constantBytes: number;
}

export interface CompileReport {
  /** Which native forms were chosen; undefined where the backend has none. */
  readonly nativePlan: PlanName | undefined;
  readonly operators: readonly OperatorReport[];
  /** Outputs of the model's operators. */
  readonly tensors: readonly NodeOutput[];
  /** Names of the operators that a firmware needs for this model. */
  readonly kernels: readonly string[];
  readonly macs: number;
  readonly arenaBytes: number;
  /** Most bytes of tensors that are alive at one time. */
  readonly liveBytes: number;
  readonly scratchBytes: number;
  readonly packBytes: number;
  readonly modelId: number;
  /** Channels by the form their requantization took. */
  readonly fits: FitCounts;
  readonly plan: MemoryPlan;
  readonly board: BoardFit | undefined;
}

/** Figures of a compiled model, all of them exact but those marked as estimates. */
export function compileReport(
  model: TfliteModel,
  { lowered, memory, plan }: PlannedModel,
  pack: Uint8Array,
  { board, backend = board?.backend }: Pick<CompileOptions, "board" | "backend">,
): CompileReport {
  const operators = lowered.operators.map(({ node, kernel, macs, outputs, parameters }) => ({
    node,
    operator: model.operators[node]!.name,
    kernel,
    macs,
    outputs,
    constantBytes: parameters.reduce((sum, p) => sum + (p.kind === "constant" ? p.bytes.length : 0), 0),
  }));
  return {
    nativePlan: backend === "espruino" ? plan : undefined,
    operators,
    tensors: lowered.outputs,
    kernels: [
      ...new Set([...operators.map(({ kernel }) => kernel), ...(lowered.fits.exact > 0 ? ["EXACT_REQUANTIZE"] : [])]),
    ],
    macs: operators.reduce((sum, { macs }) => sum + macs, 0),
    arenaBytes: memory.arenaBytes,
    liveBytes: memory.liveBytes,
    scratchBytes: memory.scratchBytes,
    packBytes: pack.length,
    modelId: new DataView(pack.buffer, pack.byteOffset).getUint32(4, true),
    fits: lowered.fits,
    plan: memory,
    board: board === undefined ? undefined : boardFit(board, lowered, memory, pack.length),
  };
}
