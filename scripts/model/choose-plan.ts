import type { Board } from "../../boards/board.js";
import { boardFit } from "./board-fit.js";
import type { CompileOptions } from "./compile.js";
import { lower } from "./lower.js";
import type { LoweredModel } from "./lowered.js";
import type { LoweringOptions, PlanName } from "./lowering.js";
import { planMemory, type MemoryPlan } from "./memory-plan.js";
import type { TfliteModel } from "./tflite/tflite-model.js";

/** Bytes of scratch memory for native forms that are to be fast. */
const FAST_SCRATCH_BYTES = 24576;
/** A lean model takes at most this part of its arena more. */
const LEAN_SCRATCH_SHARE = 0.3;
const LEAN_SCRATCH_BYTES = 4096;
/** Boards with less memory for JavaScript get the lean plan. */
const SMALL_BOARD_BYTES = 131072;

/** A way to lower a model, and what its constants take of the pack beside everything else. */
interface Candidate {
  readonly plan: PlanName;
  readonly packed: boolean;
}

/**
 * Lowers a model in the fastest way that the board has memory for: with two weights in a number, with one, or lean. Each
 * layer takes the fastest form that its sums allow within that.
 */
export function choosePlan(
  model: TfliteModel,
  options: CompileOptions,
): { lowered: LoweredModel; plan: MemoryPlan; name: PlanName } {
  const { board } = options;
  const list = candidates(options);
  for (const [i, candidate] of list.entries()) {
    const lowered = lower(model, loweringOptions(model, options, candidate));
    const plan = planMemory(lowered);
    const last = i === list.length - 1;
    if (last || board === undefined || boardFit(board, lowered, plan, constantBytes(lowered)).fits) {
      return { lowered, plan, name: candidate.plan };
    }
  }
  throw new RangeError("there is no plan");
}

function candidates({ plan, board, backend }: CompileOptions): readonly Candidate[] {
  const lean = { plan: "lean", packed: false } as const;
  if ((backend ?? board?.backend) !== "espruino") return [lean];
  const fast = [true, false].map((packed) => ({ plan: "fast", packed }) as const);
  if (plan !== undefined) return plan === "lean" ? [lean] : fast;
  return board !== undefined && isSmall(board) ? [lean] : [...fast, lean];
}

function isSmall({ jsVars }: Board): boolean {
  return jsVars.count * jsVars.bytesEach < SMALL_BOARD_BYTES;
}

function loweringOptions(model: TfliteModel, options: CompileOptions, candidate: Candidate): LoweringOptions {
  const { rounding, board, exactOnly = false } = options;
  return {
    rounding,
    backend: options.backend ?? board?.backend ?? "loops",
    ...candidate,
    scratchBudget: options.scratchBudget ?? (candidate.plan === "fast" ? FAST_SCRATCH_BYTES : leanScratchBytes(model)),
    exactOnly,
  };
}

/** A part of the greatest operator's input and output: no arena is smaller. */
function leanScratchBytes({ operators, tensors }: TfliteModel): number {
  const bytes = (index: number): number => {
    const tensor = tensors[index];
    return tensor === undefined || tensor.data !== undefined ? 0 : tensor.elements;
  };
  const sums = operators.map(({ inputs, outputs }) => bytes(inputs[0] ?? -1) + bytes(outputs[0] ?? -1));
  return Math.min(LEAN_SCRATCH_BYTES, Math.floor(LEAN_SCRATCH_SHARE * Math.max(0, ...sums)));
}

/** What the constants of a model take, equal ones once: nearly all of its pack. */
function constantBytes({ operators }: LoweredModel): number {
  const seen = new Set<string>();
  let total = 0;
  for (const parameter of operators.flatMap(({ parameters }) => parameters)) {
    if (parameter.kind !== "constant") continue;
    const key = Buffer.from(parameter.bytes).toString("latin1");
    if (!seen.has(key)) total += parameter.bytes.length;
    seen.add(key);
  }
  return total;
}
