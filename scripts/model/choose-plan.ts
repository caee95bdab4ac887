import type { Board } from "../../boards/board.js";
import type { CompileOptions } from "./compile.js";
import { lower } from "./lower.js";
import type { LoweredModel } from "./lowered.js";
import type { LoweringOptions } from "./lowering.js";
import type { PlanName } from "./plan.js";
import { planMemory, type MemoryPlan } from "./memory-plan.js";
import type { TfliteModel } from "./tflite/tflite-model.js";

/** Bytes of scratch memory for native forms that are to be fast: the more, the fewer calls. */
const FAST_SCRATCH_BYTES = [24576, 8192, 3072];
/** A lean model takes at most this part of its arena more. */
const LEAN_SCRATCH_SHARE = 0.3;
const LEAN_SCRATCH_BYTES = 4096;
/** What arena and scratch memory of a lean model may take together in any case. */
const LEAN_LEAST_BYTES = 3072;
/** What a model may take of a board's JsVars to be fast: the rest is the application's. */
const FAST_SHARE = 0.7;

/** JsVars of pack, interpreter and lists. */
const INTERPRETER_VARS = 90;
/** JsVars of one prepared operator: its scope, its numbers, its object. */
const OPERATOR_VARS = 36;
/** A view of a buffer. */
const VIEW_VARS = 2;

/** A way to lower a model. */
interface Candidate {
  readonly plan: PlanName;
  readonly packed: boolean;
  readonly scratchBudget: number;
}

/** A lowered model with its memory. */
export interface PlannedModel {
  readonly lowered: LoweredModel;
  readonly memory: MemoryPlan;
  readonly plan: PlanName;
  /** What it was lowered with. */
  readonly options: LoweringOptions;
}

/**
 * Lowers a model in the fastest way that the board has memory for: with two weights in a number, with one, with less and
 * less scratch memory, or lean. Each layer takes the fastest form that its sums allow within that.
 */
export function choosePlan(model: TfliteModel, options: CompileOptions): PlannedModel {
  const { board } = options;
  const list = candidates(model, options);
  let planned: PlannedModel | undefined;
  for (const candidate of list) {
    const lowering = loweringOptions(options, candidate);
    const lowered = lower(model, lowering);
    planned = { lowered, memory: planMemory(lowered), plan: candidate.plan, options: lowering };
    if (board === undefined || suits(planned, board)) break;
  }
  return planned!;
}

function candidates(model: TfliteModel, { plan, board, backend, scratchBudget }: CompileOptions): Candidate[] {
  const lean: Candidate = { plan: "lean", packed: false, scratchBudget: scratchBudget ?? leanScratchBytes(model) };
  if ((backend ?? board?.backend) !== "espruino" || plan === "lean") return [lean];
  const budgets = scratchBudget === undefined ? FAST_SCRATCH_BYTES : [scratchBudget];
  const fast = [true, false].flatMap((packed) => {
    return budgets.map((bytes): Candidate => ({ plan: "fast", packed, scratchBudget: bytes }));
  });
  return plan === "fast" ? fast : [...fast, lean];
}

function suits({ lowered, memory }: PlannedModel, board: Board): boolean {
  const jsVars = roughJsVars(lowered, memory, board.jsVars.bytesEach);
  return jsVars <= FAST_SHARE * board.budgets.jsVars && constantBytes(lowered) <= board.budgets.packBytes;
}

/** About what a model takes while it runs; what it holds when prepared, `boardFit` counts. */
function roughJsVars({ operators }: LoweredModel, memory: MemoryPlan, bytesEach: number): number {
  const buffers = [memory.arenaBytes, memory.scratchBytes];
  const bytes = buffers.reduce((sum, size) => sum + 2 + Math.ceil(size / bytesEach), 0);
  let vars = INTERPRETER_VARS + bytes;
  for (const { parameters, keptVars } of operators) {
    const views = parameters.filter(({ kind }) => kind !== "int").length;
    vars += OPERATOR_VARS + VIEW_VARS * views + parameters.length + keptVars;
  }
  return vars + operators.reduce((most, { passingVars }) => Math.max(most, passingVars), 0);
}

function loweringOptions(options: CompileOptions, candidate: Candidate): LoweringOptions {
  const { rounding, board, exactOnly = false } = options;
  return { rounding, backend: options.backend ?? board?.backend ?? "loops", ...candidate, exactOnly };
}

/** A part of the greatest operator's input and output: no arena is smaller. */
function leanScratchBytes({ operators, tensors }: TfliteModel): number {
  const bytes = (index: number): number => {
    const tensor = tensors[index];
    return tensor === undefined || tensor.data !== undefined ? 0 : tensor.elements;
  };
  const sums = operators.map(({ inputs, outputs }) => bytes(inputs[0] ?? -1) + bytes(outputs[0] ?? -1));
  const arena = Math.max(0, ...sums);
  return Math.min(LEAN_SCRATCH_BYTES, Math.floor(Math.max(LEAN_SCRATCH_SHARE * arena, LEAN_LEAST_BYTES - arena)));
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
