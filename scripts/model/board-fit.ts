import type { Board } from "../../boards/board.js";
import { jsVarLayout } from "../jsvars/jsvar-layout.js";
import { modelJsVars, type ModelJsVars } from "../jsvars/model-jsvars.js";
import type { CompiledModel } from "./compile.js";

/** What a model takes of a board. */
export interface BoardFit {
  readonly board: string;
  /** Bytes of one JsVar. */
  readonly jsVarBytes: number;
  /** What the prepared model holds, counted; what an application holds besides is not in it. */
  readonly jsVars: ModelJsVars;
  readonly jsVarsBudget: number;
  readonly jsVarsLeft: number;
  readonly flashBytes: number;
  readonly flashBudget: number;
  readonly flashBytesLeft: number;
  readonly fits: boolean;
  /** Why it does not fit; empty where it does. */
  readonly refusals: readonly string[];
}

/** Compares a model with the budgets of the board that it was compiled for. */
export async function boardFit(board: Board, { pack, report }: CompiledModel): Promise<BoardFit> {
  const { budgets } = board;
  const prepared = await modelJsVars(pack, report.kernels, report.backend, jsVarLayout(board.jsVars));
  const engineVars = report.engineBytes === 0 ? 0 : 2 + Math.ceil(report.engineBytes / board.jsVars.bytesEach);
  const jsVars = { ...prepared, engine: engineVars, total: prepared.total + engineVars };
  const jsVarsLeft = budgets.jsVars - jsVars.total;
  const flashBytesLeft = budgets.packBytes - pack.length;
  const refusals = [];
  if (jsVarsLeft < 0) {
    const own = report.engineBytes > 0 ? `, the firmware's TensorFlow ${report.engineBytes} bytes` : "";
    refusals.push(`it takes ${jsVars.total} of ${budgets.jsVars} JsVars (${jsVarParts(jsVars)}${own})`);
  }
  if (flashBytesLeft < 0) refusals.push(`its pack has ${pack.length} of ${budgets.packBytes} bytes`);
  return {
    board: board.id,
    jsVarBytes: board.jsVars.bytesEach,
    jsVars,
    jsVarsBudget: budgets.jsVars,
    jsVarsLeft,
    flashBytes: pack.length,
    flashBudget: budgets.packBytes,
    flashBytesLeft,
    fits: refusals.length === 0,
    refusals,
  };
}

/** What the JsVars are for, in words. */
export function jsVarParts({ arena, scratch, views, tables, structures }: ModelJsVars): string {
  return `arena ${arena}, scratch ${scratch}, views ${views}, tables ${tables}, structures ${structures}`;
}
