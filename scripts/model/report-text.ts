import { textTable } from "../fleet/show/text-table.js";
import { jsVarParts, type BoardFit } from "./board-fit.js";
import type { CompileReport } from "./compile-report.js";

/** The report of a compilation as text. */
export function reportText(report: CompileReport, fit: BoardFit | undefined, file: string): string {
  const { single, split, exact } = report.fits;
  const rows = report.operators.map(({ node, operator, kernel, macs, outputs, constantBytes }) => [
    node,
    operator,
    kernel === operator ? "" : kernel,
    macs,
    outputs,
    constantBytes,
  ]);
  return [
    `wrote ${file}: ${report.packBytes} bytes, model ${report.modelId.toString(16).padStart(8, "0")}`,
    textTable(["#", "operator", "runs as", "MACs", "outputs", "bytes"], rows),
    `arena ${report.arenaBytes} bytes (tensors alive at one time: ${report.liveBytes}), scratch ${report.scratchBytes}`,
    `requantization: ${single} fitted with one addend, ${split} with one per sign, ${exact} in exact integers`,
    ...(fit === undefined ? [] : fitLines(fit)),
  ].join("\n");
}

function fitLines(fit: BoardFit): string[] {
  const { board, jsVarBytes, jsVars, jsVarsBudget, jsVarsLeft, flashBytes, flashBudget, flashBytesLeft } = fit;
  return [
    `${board}, JsVars of ${jsVarBytes} bytes: ${jsVars.total} of ${jsVarsBudget}, ${jsVarsLeft} left`,
    `  ${jsVarParts(jsVars)}`,
    `${board}, flash: ${flashBytes} of ${flashBudget} bytes, ${flashBytesLeft} left`,
  ];
}
