import type { Board } from "../../boards/board.js";
import type { LoweredModel } from "./lowered.js";
import type { MemoryPlan } from "./memory-plan.js";

/** What a model takes of a board. */
export interface BoardFit {
  readonly board: string;
  readonly jsVars: number;
  readonly jsVarsLeft: number;
  readonly flashBytes: number;
  readonly flashBytesLeft: number;
  readonly fits: boolean;
  /** Why it does not fit; empty where it does. */
  readonly refusals: readonly string[];
}

/** JsVars of pack, interpreter and lists. */
const INTERPRETER_VARS = 90;
/** JsVars of one prepared operator: its scope, its numbers, its object. */
const OPERATOR_VARS = 36;
/** A view of a buffer. */
const VIEW_VARS = 2;

/** JsVars a model needs on an engine whose JsVar holds `bytesEach` bytes. */
export function modelJsVars(model: LoweredModel, plan: MemoryPlan, bytesEach: number): number {
  const buffers = [plan.arenaBytes, plan.scratchBytes];
  const bytes = buffers.reduce((sum, size) => sum + 2 + Math.ceil(size / bytesEach), 0);
  let vars = INTERPRETER_VARS + bytes;
  for (const { parameters, keptVars } of model.operators) {
    const views = parameters.filter(({ kind }) => kind !== "int").length;
    vars += OPERATOR_VARS + VIEW_VARS * views + parameters.length + keptVars;
  }
  return vars + model.operators.reduce((most, { passingVars }) => Math.max(most, passingVars), 0);
}

/** Compares a model with a board's budgets. */
export function boardFit(board: Board, model: LoweredModel, plan: MemoryPlan, packBytes: number): BoardFit {
  const jsVars = modelJsVars(model, plan, board.jsVars.bytesEach);
  const jsVarsLeft = board.budgets.jsVars - jsVars;
  const flashBytesLeft = board.budgets.packBytes - packBytes;
  const refusals = [];
  if (jsVarsLeft < 0) {
    const { arenaBytes, scratchBytes } = plan;
    refusals.push(
      `it takes ${jsVars} of ${board.budgets.jsVars} JsVars (arena ${arenaBytes} bytes, scratch ${scratchBytes} bytes)`,
    );
  }
  if (flashBytesLeft < 0) refusals.push(`its pack has ${packBytes} of ${board.budgets.packBytes} bytes`);
  return {
    board: board.id,
    jsVars,
    jsVarsLeft,
    flashBytes: packBytes,
    flashBytesLeft,
    fits: refusals.length === 0,
    refusals,
  };
}
