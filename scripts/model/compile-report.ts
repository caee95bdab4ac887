import type { BackendName } from "../../boards/board.js";
import type { FitCounts, LoweredModel, NodeOutput } from "./lowered.js";
import type { MemoryPlan } from "./memory-plan.js";
import { packBytes, type PackBytes } from "./pack-bytes.js";
import type { PlanName } from "./plan.js";
import type { TfliteModel } from "./tflite/tflite-model.js";

/** One operator as the device runs it. */
export interface OperatorReport {
  /** Index and name of the model's operator; -1 for all of them. */
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
  /** Whose forms of the operators the pack has. */
  readonly backend: BackendName;
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
  /** Memory that the firmware's own interpreter takes; 0 without one. */
  readonly engineBytes: number;
  readonly packBytes: number;
  readonly packBytesBy: PackBytes;
  readonly modelId: number;
  /** Channels by the form their requantization took. */
  readonly fits: FitCounts;
  readonly plan: MemoryPlan;
}

/** Figures of a compiled model, all of them exact. */
export function compileReport(
  backend: BackendName,
  nativePlan: PlanName | undefined,
  model: TfliteModel,
  lowered: LoweredModel,
  plan: MemoryPlan,
  pack: Uint8Array,
): CompileReport {
  const operators = lowered.operators.map(({ node, kernel, macs, outputs, parameters }) => ({
    node,
    operator: model.operators[node]?.name ?? "all",
    kernel,
    macs,
    outputs,
    constantBytes: parameters.reduce((sum, p) => sum + (p.kind === "constant" ? p.bytes.length : 0), 0),
  }));
  return {
    backend,
    nativePlan,
    operators,
    tensors: lowered.outputs,
    kernels: [
      ...new Set([...operators.map(({ kernel }) => kernel), ...(lowered.fits.exact > 0 ? ["EXACT_REQUANTIZE"] : [])]),
    ],
    macs: operators.reduce((sum, { macs }) => sum + macs, 0),
    arenaBytes: plan.arenaBytes,
    liveBytes: plan.liveBytes,
    scratchBytes: plan.scratchBytes,
    engineBytes: lowered.engineBytes ?? 0,
    packBytes: pack.length,
    packBytesBy: packBytes(lowered, pack),
    modelId: new DataView(pack.buffer, pack.byteOffset).getUint32(4, true),
    fits: lowered.fits,
    plan,
  };
}
