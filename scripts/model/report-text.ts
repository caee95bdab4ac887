import type { Board } from "../../boards/board.js";
import { textTable } from "../fleet/show/text-table.js";
import { jsVarParts, type BoardFit } from "./board-fit.js";
import type { CompileReport } from "./compile-report.js";
import { ESTIMATE_SOURCE } from "./cost/chips.js";
import { rangeText, type TimeEstimate } from "./cost/time-estimate.js";

/** Everything that compiling a model told. */
export interface CompileResult {
  readonly report: CompileReport;
  readonly board: Board | undefined;
  /** Undefined without a board. */
  readonly fit: BoardFit | undefined;
  /** What an inference takes and gives back; undefined where that is not known. */
  readonly runningJsVars: number | undefined;
  readonly estimates: readonly TimeEstimate[];
}

/**
 * The report of a compilation as text.
 * @param file where the pack was written
 */
export function reportText({ report, board, fit, runningJsVars, estimates }: CompileResult, file: string): string {
  const { single, split, exact } = report.fits;
  const { weights, gatherTables, integers, requantization, operators, goldenVectors, other } = report.packBytesBy;
  return [
    `wrote ${file}: ${report.packBytes} bytes, model ${report.modelId.toString(16).padStart(8, "0")}`,
    operatorTable(report, board === undefined ? undefined : estimates[0]),
    `arena    ${report.arenaBytes} bytes (tensors alive at one time: ${report.liveBytes})`,
    `scratch  ${report.scratchBytes} bytes`,
    ...(report.engineBytes > 0 ? [`the firmware's TensorFlow ${report.engineBytes} bytes`] : []),
    `pack     ${report.packBytes} bytes: weights ${weights}, gather tables ${gatherTables}, integers ${integers}, ` +
      `requantization ${requantization}, operators ${operators}, golden vectors ${goldenVectors}, other ${other}`,
    `requantization: ${single} fitted with one addend, ${split} with one per sign, ${exact} in exact integers`,
    ...(fit === undefined ? [] : fitLines(fit, runningJsVars)),
    ...estimateLines(report, estimates, board),
  ].join("\n");
}

function operatorTable({ operators, macs }: CompileReport, estimate: TimeEstimate | undefined): string {
  const rows = operators.map((operator, i) => [
    operator.node,
    operator.operator,
    operator.kernel === operator.operator ? "" : operator.kernel,
    operator.macs,
    operator.outputs,
    operator.constantBytes,
    ...(estimate === undefined ? [] : [rangeText(estimate.operators[i]!.ms)]),
  ]);
  const sum = (of: "outputs" | "constantBytes"): number => operators.reduce((total, each) => total + each[of], 0);
  const total = ["", "all", "", macs, sum("outputs"), sum("constantBytes")];
  return textTable(
    ["#", "operator", "runs as", "MACs", "outputs", "bytes", ...(estimate ? ["low/mid/high"] : [])],
    [...rows, [...total, ...(estimate ? [rangeText(estimate.ms)] : [])]],
  );
}

function fitLines(fit: BoardFit, runningJsVars: number | undefined): string[] {
  const { board, jsVarBytes, jsVars, jsVarsBudget, jsVarsLeft, flashBytes, flashBudget, flashBytesLeft } = fit;
  return [
    `${board}: ${jsVars.total} of ${jsVarsBudget} JsVars of ${jsVarBytes} bytes, ${jsVarsLeft} left: ${jsVarParts(jsVars)}`,
    ...(runningJsVars === undefined ? [] : [`  while it runs about ${runningJsVars} more`]),
    `${board}: ${flashBytes} of ${flashBudget} bytes of flash, ${flashBytesLeft} left`,
  ];
}

function estimateLines(
  { backend }: CompileReport,
  estimates: readonly TimeEstimate[],
  board: Board | undefined,
): string[] {
  if (estimates.length === 0) {
    const where = board === undefined ? "" : ` on the ${board.chip}`;
    return [`no estimate of the time: nothing is known of the speed of the ${backend} backend of Espruino${where}`];
  }
  const lines = estimates.map(
    ({ chip, clockHz, ms }) => `  ${chip} at ${clockHz / 1e6} MHz: ${rangeText(ms)} (low/mid/high)`,
  );
  return [`an inference on Espruino, ${backend} backend:`, ...lines, `  ${ESTIMATE_SOURCE}`];
}
